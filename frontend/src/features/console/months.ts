import type { ActivityRow, ActivityView } from '../../api/types';

/** What the console shows of a market, by the posting rules and steps that tell it. */
export const MONEY = ['P1', 'P2', 'P3', 'P5', 'P6'] as const;
export const STEPS = ['order.offer', 'order.accept', 'shipment.dispatch', 'order.close'] as const;

export interface Month {
  /** `YYYY-MM` */
  month: string;
  /** Minor units by posting rule. */
  money: Record<string, bigint>;
  /** Counts by step. */
  steps: Record<string, number>;
}

/** Currencies with money in them, the busiest first. */
export function currenciesOf(rows: ActivityRow[]): string[] {
  const times = new Map<string, number>();
  for (const row of rows)
    if (row.currency) times.set(row.currency, (times.get(row.currency) ?? 0) + row.times);
  return [...times].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([currency]) => currency);
}

function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  let [year, month] = from.split('-').map(Number) as [number, number];
  for (;;) {
    const name = `${year}-${String(month).padStart(2, '0')}`;
    months.push(name);
    if (name >= to.slice(0, 7)) return months;
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
}

/** Adds days up to months, exactly; months before the first event are left out. */
export function monthsOf(view: ActivityView, currency: string | undefined): Month[] {
  const first = view.rows[0]?.day;
  if (!first) return [];
  const months = new Map<string, Month>(
    monthsBetween(first > view.from ? first : view.from, view.today).map((month) => [
      month,
      { month, money: {}, steps: {} },
    ]),
  );
  for (const row of view.rows) {
    const month = months.get(row.day.slice(0, 7));
    if (!month) continue;
    if (row.currency === null || row.currency === undefined)
      month.steps[row.what] = (month.steps[row.what] ?? 0) + row.times;
    else if (row.currency === currency)
      month.money[row.what] = (month.money[row.what] ?? 0n) + BigInt(row.minor ?? '0');
  }
  return [...months.values()];
}
