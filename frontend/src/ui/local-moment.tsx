import { formatLocal, formatMoment } from '../lib/dates';
import { useLocale } from './use-locale';

/** A moment of the real world, such as a sign-in, in the reader's own time; market time does not matter to it. */
export function LocalMoment({ at }: { at: string }) {
  const locale = useLocale();
  return (
    <time dateTime={at} title={formatLocal(at, locale)} className="num">
      {formatMoment(at, locale, undefined)}
    </time>
  );
}
