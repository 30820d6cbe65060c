import { useTranslation } from 'react-i18next';

/** "Pay stage 2": a step in words, with the stage or shipment it concerns. */
export function useStepName() {
  const { t } = useTranslation();
  return (step: string, part?: number | null): string => {
    const words = t(`step.${step}`, { defaultValue: step });
    if (!part) return words;
    return `${words} · ${t(step.startsWith('stage.') ? 'draft.stageNo' : 'draft.shipmentNo', { no: part })}`;
  };
}
