import { Button, CloseButton, NativeSelect } from '@mantine/core';
import type { StageKind, TermsStage, Trigger } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { sharesMissing, splitLargestRemainder } from '../../lib/split';
import { totalsOf } from '../../lib/terms';
import { PercentInput } from '../../ui/inputs';
import { MoneyText } from '../../ui/money';
import { Panel } from '../../ui/page';
import type { EditorProps } from './lines-editor';
import { PRESETS } from './model';

const KINDS: StageKind[] = ['deposit', 'balance', 'retention'];
const TRIGGERS: Trigger[] = ['agreed', 'before_dispatch', 'bl_copy', 'delivered'];

export function StagesEditor({ terms, onTerms, wrong }: EditorProps) {
  const { t } = useTranslation();
  const missing = sharesMissing(terms.stages.map((stage) => stage.share_bps));
  const weights = terms.stages.map((stage) => BigInt(stage.share_bps));
  const amounts = missing === 0 ? splitLargestRemainder(totalsOf(terms).total, weights) : null;
  const put = (stages: TermsStage[]) => onTerms({ ...terms, stages });
  const change = (at: number, part: Partial<TermsStage>) =>
    put(terms.stages.map((stage, i) => (i === at ? { ...stage, ...part } : stage)));
  return (
    <Panel
      title={t('draft.stages')}
      aside={
        <div className="row">
          {(['split', 'before', 'retention'] as const).map((name) => (
            <Button key={name} size="compact-xs" variant="default" onClick={() => put(PRESETS[name])}>
              {t(`draft.preset.${name}`)}
            </Button>
          ))}
        </div>
      }
    >
      {terms.stages.map((stage, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: stages are numbered by place
        <fieldset key={i} className="line stage-line">
          <legend className="visually-hidden">{t('draft.stageNo', { no: i + 1 })}</legend>
          <NativeSelect
            label={t('draft.kind')}
            value={stage.kind}
            onChange={(e) => change(i, { kind: e.currentTarget.value as StageKind })}
            data={KINDS.map((kind) => ({ value: kind, label: t(`stage.${kind}`) }))}
          />
          <NativeSelect
            label={t('draft.due')}
            value={stage.trigger}
            error={wrong(`/stages/${i}/trigger`)}
            onChange={(e) => change(i, { trigger: e.currentTarget.value as Trigger })}
            data={TRIGGERS.map((trigger) => ({ value: trigger, label: t(`trigger.${trigger}`) }))}
          />
          <PercentInput
            label={t('draft.share')}
            bps={stage.share_bps}
            onBps={(share_bps) => change(i, { share_bps })}
            error={wrong(`/stages/${i}/share_bps`)}
          />
          <div className="line-value">
            <span className="dim small">{t('draft.amount')}</span>
            <MoneyText
              value={amounts ? { minor: (amounts[i] ?? 0n).toString(), currency: terms.currency } : null}
              strong
            />
          </div>
          <CloseButton
            aria-label={t('draft.removeStage', { no: i + 1 })}
            disabled={terms.stages.length === 1}
            onClick={() => put(terms.stages.filter((_, j) => j !== i))}
          />
        </fieldset>
      ))}
      <div className="row between">
        <span role="status" className={missing === 0 ? 'sum good' : 'sum bad'}>
          {missing === 0
            ? t('draft.sumRight')
            : t(missing > 0 ? 'draft.sumMissing' : 'draft.sumOver', { percent: Math.abs(missing) / 100 })}
        </span>
        <Button
          size="xs"
          variant="default"
          disabled={terms.stages.length >= 6}
          onClick={() =>
            put([
              ...terms.stages,
              {
                kind: 'balance',
                trigger: 'before_dispatch',
                share_bps: Math.max(0, missing),
                shipment: null,
              },
            ])
          }
        >
          {t('draft.addStage')}
        </Button>
      </div>
      {wrong('/stages') ? <p className="field-error">{wrong('/stages')}</p> : null}
    </Panel>
  );
}
