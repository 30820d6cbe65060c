/** Moments in the market's zone, with the reader's own time for the hover. */
export function formatMoment(iso: string, locale: string, zone: string | undefined, withTime = true): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: withTime ? 'short' : undefined,
    timeZone: zone,
  }).format(moment);
}

export function formatLocal(iso: string, locale: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(moment);
}

/** Whole days, hours or minutes from one moment to another, as they are said. */
export function relative(fromIso: string, toIso: string, locale: string): string {
  const hours = (Date.parse(toIso) - Date.parse(fromIso)) / 3_600_000;
  const [size, unit] =
    Math.abs(hours) < 1.5
      ? ([1 / 60, 'minute'] as const)
      : Math.abs(hours) < 47.5
        ? ([1, 'hour'] as const)
        : ([24, 'day'] as const);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(hours / size), unit);
}

/** ISO date `days` after a moment. */
export function dateAfter(iso: string, days: number): string {
  const moment = new Date(iso);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** Market seconds per real second. */
export function rateOf(clock: { rate_ppm: number }): number {
  return clock.rate_ppm / 1_000_000;
}
