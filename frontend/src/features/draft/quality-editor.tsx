import { NativeSelect } from '@mantine/core';
import type { Aql, OrderTerms } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { AQL_LIMITS, AQL_USUAL } from '../../lib/quality';
import { Panel } from '../../ui/page';
import { QualityPoints } from '../../ui/quality-points';
import type { EditorProps } from './lines-editor';

const LEVELS: Aql['level'][] = ['I', 'II', 'III', 'S-1', 'S-2', 'S-3', 'S-4'];

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
      <div className="cols">
        <NativeSelect
          label={t('quality.sampling')}
          description={t('quality.samplingHint')}
          value={terms.aql?.level ?? ''}
          onChange={(e) => {
            const level = e.currentTarget.value as Aql['level'] | '';
            onTerms(sampled(level === '' ? null : { ...(terms.aql ?? AQL_USUAL), level }));
          }}
          data={[
            { value: '', label: t('quality.noSampling') },
            ...LEVELS.map((level) => ({ value: level, label: t('quality.level', { level }) })),
          ]}
        />
        {terms.aql
          ? (['critical', 'major', 'minor'] as const).map((grade) => (
              <NativeSelect
                key={grade}
                label={t(`quality.aql.${grade}`)}
                value={terms.aql?.[grade] ?? '0'}
                error={wrong(`/aql/${grade}`)}
                onChange={(e) =>
                  onTerms(sampled({ ...(terms.aql ?? AQL_USUAL), [grade]: e.currentTarget.value }))
                }
                data={AQL_LIMITS}
              />
            ))
          : null}
      </div>
    </Panel>
  );
}
