import { formatLocal, formatMoment, relative } from '../lib/dates';
import { useLocale, useMarketTime } from './use-locale';

/** A moment in market time; the reader's own time shows on hover. */
export function Moment({ at, date, away }: { at: string | null; date?: boolean; away?: boolean }) {
  const locale = useLocale();
  const { zone, now } = useMarketTime();
  if (!at) return <span>—</span>;
  return (
    <time dateTime={at} title={formatLocal(at, locale)} className="num">
      {formatMoment(at, locale, zone, !date)}
      {away && now ? <span className="dim"> · {relative(now, at, locale)}</span> : null}
    </time>
  );
}
