import type { Aql, OrderTerms } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Panel } from '../../ui/page';
import { QualityPoints } from '../../ui/quality-points';
import { Sampling } from '../../ui/sampling';
import type { EditorProps } from './lines-editor';

/** What the goods are measured on, and how each lot is sampled: without it nothing can be offered. */
export function QualityEditor({ terms, onTerms, wrong }: EditorProps) {
  const { t } = useTranslation();
  const sampled = (aql: Aql | null): OrderTerms => {
    const { aql: _, ...rest } = terms;
    return aql ? { ...rest, aql } : rest;
  };
  return (
    <Panel title={t('draft.quality')}>
      <p className="dim tight">{t('draft.qualityHint')}</p>
      <QualityPoints
        points={terms.quality_points}
        onPoints={(quality_points) => onTerms({ ...terms, quality_points })}
        wrong={wrong}
      />
      <Sampling aql={terms.aql ?? null} onAql={(aql) => onTerms(sampled(aql))} wrong={wrong} />
    </Panel>
  );
}
