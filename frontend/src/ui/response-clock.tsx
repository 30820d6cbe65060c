import { useQuery } from '@tanstack/react-query';
import { responseClockQuery } from '../api/inquiries';
import type { ResponseClockView } from '../api/types';
import { useTranslation } from '../lib/i18n';

/** Minutes as people say them: whole hours from one on, whole days from two on. */
export function waitOf(minutes: number): { unit: 'minutes' | 'hours' | 'days'; count: number } {
  if (minutes < 60) return { unit: 'minutes', count: Math.max(1, minutes) };
  if (minutes < 2 * 1440) return { unit: 'hours', count: Math.ceil(minutes / 60) };
  return { unit: 'days', count: Math.ceil(minutes / 1440) };
}

/** How soon a seller answers inquiries, in one line. */
export function useResponseText() {
  const { t } = useTranslation();
  return (clock: ResponseClockView): string => {
    if (clock.within_day_bps === null) return t('clock.none');
    const share = t('clock.share', { percent: Math.floor(clock.within_day_bps / 100) });
    if (clock.median_minutes === null) return `${t('clock.seldom')} · ${share}`;
    const { unit, count } = waitOf(clock.median_minutes);
    return `${t(`clock.within.${unit}`, { count })} · ${share}`;
  };
}

export function ResponseClock({ company }: { company: string }) {
  const { t } = useTranslation();
  const say = useResponseText();
  const { data } = useQuery(responseClockQuery(company));
  return (
    <span title={t('clock.means')} data-testid="response-clock">
      {data ? say(data) : '—'}
    </span>
  );
}
