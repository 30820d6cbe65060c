import { SegmentedControl } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { call } from '../../api/client';
import type { ActivityView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { exponentOf, formatMinor } from '../../lib/money';
import { Empty, Frame } from '../../ui/frame';
import { Panel } from '../../ui/page';
import { Scroll } from '../../ui/scroll';
import { useLocale } from '../../ui/use-locale';
import { currenciesOf, MONEY, type Month, monthsOf, STEPS } from './months';

const Bars = lazy(() => import('../../ui/chart'));

/** Thirteen months, so that the month a year ago can be compared. */
const activityQuery = queryOptions({
  queryKey: ['market', 'activity'],
  queryFn: ({ signal }) => call('get', '/market/activity', { query: { days: 396 }, signal }),
});

const COLORS: Record<(typeof MONEY)[number], string> = {
  P1: '--ent-accent',
  P2: '--ent-held-fill',
  P3: '--ent-released',
  P5: '--ent-refunded',
  P6: '--mantine-color-dimmed',
};

/** What the market has accumulated, month by month: the data an era of information never gathers. */
export function Activity() {
  const { t } = useTranslation();
  const asked = useQuery(activityQuery);
  return (
    <Panel title={t('activity.title')}>
      <Frame asked={asked}>
        {(view) =>
          view.rows.length ? (
            <Months view={view} />
          ) : (
            <Empty title={t('activity.empty')} hint={t('activity.empty.hint')} />
          )
        }
      </Frame>
    </Panel>
  );
}

function Months({ view }: { view: ActivityView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const currencies = useMemo(() => currenciesOf(view.rows), [view.rows]);
  const [chosen, setChosen] = useState<string>();
  const currency = chosen ?? currencies[0];
  const months = useMemo(() => monthsOf(view, currency), [view, currency]);
  const scale = 10 ** exponentOf(currency ?? 'USD');
  const series = useMemo(
    () =>
      MONEY.map((rule) => ({
        name: t(`activity.${rule}`),
        color: COLORS[rule],
        values: months.map((month) => Number(month.money[rule] ?? 0n) / scale),
      })),
    [months, scale, t],
  );
  const categories = useMemo(() => months.map((month) => month.month), [months]);
  const tell = useCallback(
    (rule: number, month: number) =>
      currency
        ? `${currency} ${formatMinor(months[month]?.money[MONEY[rule] ?? 'P1'] ?? 0n, currency, locale)}`
        : '',
    [months, currency, locale],
  );
  const axis = useMemo(() => {
    const compact = new Intl.NumberFormat(locale, { notation: 'compact' });
    return (value: number) => compact.format(value);
  }, [locale]);
  return (
    <div className="stack">
      {currencies.length > 1 && currency ? (
        <Scroll label={t('activity.currency')}>
          <SegmentedControl
            aria-label={t('activity.currency')}
            data={currencies}
            value={currency}
            onChange={setChosen}
          />
        </Scroll>
      ) : null}
      {currency ? (
        <Suspense fallback={<div className="chart" />}>
          <Bars
            categories={categories}
            series={series}
            label={t('activity.chart', { currency })}
            tell={tell}
            axis={axis}
          />
        </Suspense>
      ) : null}
      <Table months={months} currency={currency} />
      {view.behind > 0 ? <p className="dim tight">{t('activity.behind', { count: view.behind })}</p> : null}
    </div>
  );
}

function Table({ months, currency }: { months: Month[]; currency: string | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Scroll label={t('activity.title')}>
      <table className="grid compact">
        <thead>
          <tr>
            <th scope="col">{t('activity.month')}</th>
            {STEPS.map((step) => (
              <th key={step} scope="col" className="right">
                {t(`activity.${step}`)}
              </th>
            ))}
            {currency
              ? MONEY.map((rule) => (
                  <th key={rule} scope="col" className="right">
                    {t(`activity.${rule}`)} {currency}
                  </th>
                ))
              : null}
          </tr>
        </thead>
        <tbody>
          {[...months].reverse().map((month) => (
            <tr key={month.month}>
              <th scope="row" className="num">
                {month.month}
              </th>
              {STEPS.map((step) => (
                <td key={step} className="num right">
                  {month.steps[step] ?? 0}
                </td>
              ))}
              {currency
                ? MONEY.map((rule) => (
                    <td key={rule} className="num right">
                      {formatMinor(month.money[rule] ?? 0n, currency, locale)}
                    </td>
                  ))
                : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
