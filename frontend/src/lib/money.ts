/** Exact money: minor units as strings on the wire, BigInt in memory, never a float. */

const EXPONENTS: Record<string, number> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  ISK: 0,
  KWD: 3,
  BHD: 3,
  OMR: 3,
  JOD: 3,
  TND: 3,
};

/** Currencies offered in forms. */
export const CURRENCIES = [
  'USD',
  'EUR',
  'GBP',
  'CNY',
  'HKD',
  'JPY',
  'AUD',
  'CAD',
  'SGD',
  'AED',
  'INR',
  'BRL',
  'MXN',
  'KRW',
  'VND',
  'KWD',
];

export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** Splits a scaled integer into a plain decimal text with `scale` digits after the point. */
export function scaledToText(value: bigint, scale: number): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(digits.length - scale)}` : '';
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** Reads a decimal text into an integer scaled by 10^scale; null when it is no number or has too many digits. */
export function textToScaled(text: string, scale: number): bigint | null {
  const clean = text.replace(/[\s,_]/g, '');
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(clean);
  if (!match || (match[2] === '' && (match[3] ?? '') === '')) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return null;
  const scaled = BigInt((match[2] || '0') + fraction.padEnd(scale, '0'));
  return match[1] ? -scaled : scaled;
}

export function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const partsCache = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, digits: number): Intl.NumberFormat {
  const key = `${locale}:${digits}`;
  let found = partsCache.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    partsCache.set(key, found);
  }
  return found;
}

/** Groups a decimal text as the locale does; the digits are the text's own, so nothing is rounded. */
export function formatDecimalText(text: string, locale: string): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  const grouped = formatter(locale, 0).format(BigInt(whole || '0'));
  const point =
    formatter(locale, 1)
      .formatToParts(1.5)
      .find((part) => part.type === 'decimal')?.value ?? '.';
  return `${negative ? '−' : ''}${grouped}${fraction ? point + fraction : ''}`;
}

/** "1,234.50" for 123450 minor units of USD. */
export function formatMinor(minor: string | bigint, currency: string, locale: string): string {
  return formatDecimalText(scaledToText(BigInt(minor), exponentOf(currency)), locale);
}

/** "USD 1,234.50" */
export function formatMoney(minor: string | bigint, currency: string, locale: string): string {
  return `${currency} ${formatMinor(minor, currency, locale)}`;
}

/** Editable text without grouping, e.g. "1234.50". */
export function minorToText(minor: string | bigint, currency: string): string {
  return scaledToText(BigInt(minor), exponentOf(currency));
}

/** Minor units of a typed amount; null when it cannot be read exactly. */
export function textToMinor(text: string, currency: string): bigint | null {
  return textToScaled(text, exponentOf(currency));
}
