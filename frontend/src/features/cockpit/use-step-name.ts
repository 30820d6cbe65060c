import type { OrderEvent } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { useLabels } from '../../ui/labels';

/** "Pay stage 2": a step in words, with the stage or shipment it concerns. */
export function useStepName() {
  const { t } = useTranslation();
  return (step: string, part?: number | null): string => {
    const words = t(`step.${step}`, { defaultValue: step });
    if (!part) return words;
    return `${words} · ${t(step.startsWith('stage.') ? 'draft.stageNo' : 'draft.shipmentNo', { no: part })}`;
  };
}

/** What happens at a deadline, with the stage or shipment it concerns. */
export function useDeadlineName() {
  const { t } = useTranslation();
  const labels = useLabels();
  return (step: string, part?: number | null): string => {
    const words = labels.deadline(step);
    if (!part) return words;
    return `${t(step.startsWith('stage.') ? 'draft.stageNo' : 'draft.shipmentNo', { no: part })}: ${words}`;
  };
}

/** A recorded step in words: which stage or shipment, and which milestone. */
export function useEventName() {
  const { t } = useTranslation();
  const stepName = useStepName();
  return (event: OrderEvent): string => {
    const { stage, shipment, milestone } = event.summary ?? {};
    const words = stepName(event.step, stage ?? shipment);
    return milestone ? `${words}: ${t(`milestone.${milestone}`, { defaultValue: milestone })}` : words;
  };
}
