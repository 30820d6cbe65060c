import type { Aql, MeasuredPoint, QualityPoint } from '../api/types';

/** The acceptance limits of ISO 2859-1, in percent; 0 accepts no defect. */
export const AQL_LIMITS = [
  '0',
  '0.065',
  '0.1',
  '0.15',
  '0.25',
  '0.4',
  '0.65',
  '1',
  '1.5',
  '2.5',
  '4',
  '6.5',
  '10',
];
export const AQL_USUAL: Aql = { level: 'II', critical: '0', major: '2.5', minor: '4' };

export const emptyPoint = (): MeasuredPoint => ({
  point: '',
  bound: 'at_least',
  value: '',
  unit: '',
  method: '',
});

const isDecimal = (text: string) => /^-?\d+(\.\d{1,6})?$/.test(text.trim());

/** Whether somebody could measure it: a name, a number, a method, and a tolerance where there is a range. */
export function isMeasured(point: QualityPoint): point is MeasuredPoint {
  if (typeof point === 'string') return false;
  const tolerance = point.bound !== 'within' || isDecimal(point.tolerance ?? '');
  return point.point.trim() !== '' && isDecimal(point.value) && tolerance && point.method.trim() !== '';
}

/** What an offer needs: at least one point, and each of them measurable. */
export const measurable = (points: QualityPoint[]) => points.length > 0 && points.every(isMeasured);

/** The point with another bound; only a range has a tolerance. */
export function bounded(point: MeasuredPoint, bound: MeasuredPoint['bound']): MeasuredPoint {
  const { tolerance, ...rest } = point;
  return bound === 'within' ? { ...rest, bound, tolerance: tolerance ?? '' } : { ...rest, bound };
}

/** The limit as it is written on a drawing: `≥ 400 MPa`, `50 ± 0.5 mm`. */
export function limitOf({ bound, value, tolerance, unit }: MeasuredPoint): string {
  const number =
    bound === 'within' ? `${value} ± ${tolerance ?? '0'}` : `${bound === 'at_least' ? '≥' : '≤'} ${value}`;
  return unit ? `${number} ${unit}` : number;
}
