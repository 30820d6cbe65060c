import { describe, expect, it } from 'vitest';
import type { ActivityRow, ActivityView } from '../../api/types';
import { currenciesOf, monthsOf } from './months';

const row = (day: string, what: string, times: number, minor?: string, currency?: string): ActivityRow => ({
  day,
  what,
  times,
  minor: minor ?? null,
  currency: currency ?? null,
});

const view: ActivityView = {
  from: '2025-01-02',
  today: '2026-02-01',
  behind: 0,
  rows: [
    row('2025-11-30', 'order.offer', 2),
    row('2025-11-30', 'P2', 1, '9007199254740993', 'USD'),
    row('2025-11-29', 'P2', 1, '1', 'USD'),
    row('2026-01-05', 'P2', 3, '500', 'JPY'),
    row('2026-02-01', 'order.offer', 1),
  ],
};

describe('months of a market', () => {
  it('adds exactly, beyond what a float can hold, and keeps currencies apart', () => {
    const months = monthsOf(view, 'USD');
    expect(months[0]?.money.P2).toBe(9007199254740994n);
    expect(monthsOf(view, 'JPY').map((m) => m.money.P2 ?? 0n)).toEqual([0n, 0n, 500n, 0n]);
  });

  it('begins with the first event, crosses the year, and leaves no month out', () => {
    const months = monthsOf(view, 'USD');
    expect(months.map((m) => m.month)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(months.map((m) => m.steps['order.offer'] ?? 0)).toEqual([2, 0, 0, 1]);
    expect(monthsOf({ ...view, rows: [] }, 'USD')).toEqual([]);
  });

  it('names the busiest currency first', () => {
    expect(currenciesOf(view.rows)).toEqual(['JPY', 'USD']);
  });
});
