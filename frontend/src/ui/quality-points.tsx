import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import type { Bound, MeasuredPoint, QualityPoint } from '../api/types';
import { useTranslation } from '../lib/i18n';
import { bounded, emptyPoint, limitOf } from '../lib/quality';
import './quality-points.css';

const BOUNDS: Bound[] = ['at_least', 'at_most', 'within'];
/** Points most goods have, with the numbers most contracts name; the words come from the dictionary. */
const SAMPLES = {
  quantity: { bound: 'within', value: '100', tolerance: '0.5', unit: '%' },
  defects: { bound: 'at_most', value: '2.5', unit: '%' },
} as const;

interface Props {
  points: QualityPoint[];
  onPoints: (points: QualityPoint[]) => void;
  wrong: (pointer: string) => string | undefined;
}

/** The checklist of what the goods are measured on, one row a point. */
export function QualityPoints({ points, onPoints, wrong }: Props) {
  const { t } = useTranslation();
  const put = (at: number, point: QualityPoint) => onPoints(points.map((old, i) => (i === at ? point : old)));
  const sample = (name: keyof typeof SAMPLES): MeasuredPoint => ({
    ...SAMPLES[name],
    point: t(`quality.sample.${name}.point`),
    method: t(`quality.sample.${name}.method`),
  });
  const add = (point: MeasuredPoint) => onPoints([...points, point]);
  return (
    <div className="stack">
      {points.length === 0 ? <p className="dim tight">{t('quality.none')}</p> : null}
      {points.map((point, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points are numbered by place
        <fieldset key={i} className="quality-line">
          <legend className="visually-hidden">{t('quality.no', { no: i + 1 })}</legend>
          {typeof point === 'string' ? (
            <Stated text={point} fault={wrong(`/quality_points/${i}`)} onPoint={(next) => put(i, next)} />
          ) : (
            <Measured
              point={point}
              onPoint={(next) => put(i, next)}
              wrong={(field) => wrong(`/quality_points/${i}/${field}`)}
            />
          )}
          <CloseButton
            aria-label={t('quality.remove', { no: i + 1 })}
            onClick={() => onPoints(points.filter((_, j) => j !== i))}
          />
        </fieldset>
      ))}
      <div className="row">
        <Button size="xs" variant="default" disabled={points.length >= 50} onClick={() => add(emptyPoint())}>
          {t('quality.add')}
        </Button>
        {(['quantity', 'defects'] as const).map((name) => (
          <Button
            key={name}
            size="xs"
            variant="subtle"
            disabled={points.length >= 50}
            onClick={() => add(sample(name))}
          >
            {t(`quality.sample.${name}.point`)}
          </Button>
        ))}
      </div>
      {wrong('/quality_points') ? <p className="field-error">{wrong('/quality_points')}</p> : null}
    </div>
  );
}

function Measured({
  point,
  onPoint,
  wrong,
}: {
  point: MeasuredPoint;
  onPoint: (point: MeasuredPoint) => void;
  wrong: (field: string) => string | undefined;
}) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('quality.point')}
        value={point.point}
        error={wrong('point')}
        onChange={(e) => onPoint({ ...point, point: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('quality.bound')}
        value={point.bound}
        error={wrong('bound')}
        onChange={(e) => onPoint(bounded(point, e.currentTarget.value as Bound))}
        data={BOUNDS.map((bound) => ({ value: bound, label: t(`quality.bound.${bound}`) }))}
      />
      <div className="quality-numbers">
        <TextInput
          label={t('quality.value')}
          inputMode="decimal"
          value={point.value}
          error={wrong('value')}
          onChange={(e) => onPoint({ ...point, value: e.currentTarget.value })}
        />
        {point.bound === 'within' ? (
          <TextInput
            label={t('quality.tolerance')}
            inputMode="decimal"
            value={point.tolerance ?? ''}
            error={wrong('tolerance')}
            onChange={(e) => onPoint({ ...point, tolerance: e.currentTarget.value })}
          />
        ) : null}
        <TextInput
          label={t('quality.unit')}
          value={point.unit}
          error={wrong('unit')}
          onChange={(e) => onPoint({ ...point, unit: e.currentTarget.value })}
        />
      </div>
      <TextInput
        label={t('quality.method')}
        value={point.method}
        error={wrong('method')}
        onChange={(e) => onPoint({ ...point, method: e.currentTarget.value })}
      />
    </>
  );
}

/** A text of before points were measured: it is kept, and can be made a point. */
function Stated({
  text,
  fault,
  onPoint,
}: {
  text: string;
  fault: string | undefined;
  onPoint: (point: MeasuredPoint) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="quality-stated">
      <span>{text}</span>
      <span className="dim small">{fault ?? t('quality.stated')}</span>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => onPoint({ ...emptyPoint(), point: text.slice(0, 120) })}
      >
        {t('quality.measure')}
      </Button>
    </div>
  );
}

/** The checklist to be read. */
export function QualityList({ points }: { points: QualityPoint[] }) {
  const { t } = useTranslation();
  if (points.length === 0) return <p className="dim tight">{t('quality.none')}</p>;
  return (
    <ol className="tight quality-list">
      {points.map((point, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points are numbered by place
        <li key={i}>
          {typeof point === 'string' ? (
            point
          ) : (
            <>
              {point.point}: <strong className="num">{limitOf(point)}</strong>
              <span className="dim"> · {point.method}</span>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
