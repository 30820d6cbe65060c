import { NativeSelect } from '@mantine/core';
import type { Aql } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { AQL_LIMITS, AQL_USUAL } from '../lib/quality';

const LEVELS: Aql['level'][] = ['I', 'II', 'III', 'S-1', 'S-2', 'S-3', 'S-4'];

/** How each lot is sampled (ISO 2859-1), or not at all; `none` says what standing without means. */
export function Sampling({
  aql,
  onAql,
  wrong,
  none,
}: {
  aql: Aql | null;
  onAql: (aql: Aql | null) => void;
  wrong: (pointer: string) => string | undefined;
  none?: string;
}) {
  const { t } = useTranslation();
  return (
    <div className="cols">
      <NativeSelect
        label={t('quality.sampling')}
        description={t('quality.samplingHint')}
        value={aql?.level ?? ''}
        error={wrong('/aql/level')}
        onChange={(e) => {
          const level = e.currentTarget.value as Aql['level'] | '';
          onAql(level === '' ? null : { ...(aql ?? AQL_USUAL), level });
        }}
        data={[
          { value: '', label: none ?? t('quality.noSampling') },
          ...LEVELS.map((level) => ({ value: level, label: t('quality.level', { level }) })),
        ]}
      />
      {aql
        ? (['critical', 'major', 'minor'] as const).map((grade) => (
            <NativeSelect
              key={grade}
              label={t(`quality.aql.${grade}`)}
              value={aql[grade]}
              error={wrong(`/aql/${grade}`)}
              onChange={(e) => onAql({ ...aql, [grade]: e.currentTarget.value })}
              data={AQL_LIMITS}
            />
          ))
        : null}
    </div>
  );
}
