import { useQuery } from '@tanstack/react-query';
import { marketQuery } from '../api/queries';
import { formatMoment, rateOf } from '../lib/dates';
import { useTranslation } from '../lib/i18n';
import { Badge } from '../ui/badge';
import { Moment } from '../ui/moment';
import { useLocale } from '../ui/use-locale';

/** The market we are in: its era, its clock, and what comes next. */
export function MarketBar() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data } = useQuery(marketQuery);
  if (!data) return <div className="market-bar" aria-hidden="true" />;
  const real = new Date().toISOString();
  return (
    <section className="market-bar" aria-label={t('market.bar')}>
      <span className="market-name">{data.name}</span>
      <Badge tone="accent">{t('market.era', { era: data.era })}</Badge>
      <time
        dateTime={data.clock.now}
        className="num strong"
        title={t('market.real', { time: formatMoment(real, locale, undefined) })}
      >
        {formatMoment(data.clock.now, locale, data.time_zone)}
      </time>
      {data.clock.paused ? (
        <Badge tone="warn">{t('market.paused')}</Badge>
      ) : (
        <span className="dim num">×{rateOf(data.clock)}</span>
      )}
      {data.next_deadline ? (
        <span className="dim wide-only">
          {t('market.next')} <Moment at={data.next_deadline} away />
        </span>
      ) : null}
    </section>
  );
}
