import { useQuery } from '@tanstack/react-query';
import { marketQuery } from '../api/queries';
import { localeOf, useTranslation } from '../lib/i18n';

export function useLocale(): string {
  return localeOf(useTranslation().i18n.language);
}

/** The market's zone and present moment; the zone is undefined until known. */
export function useMarketTime(): { zone: string | undefined; now: string | undefined } {
  const { data } = useQuery({ ...marketQuery, enabled: true });
  return { zone: data?.time_zone, now: data?.clock.now };
}
