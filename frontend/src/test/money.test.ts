import { describe, expect, it } from 'vitest';
import { formatMinor, formatMoney, minorToText, textToMinor, textToScaled } from '../lib/money';

describe('money', () => {
  it('is formatted by the exponent of its currency', () => {
    expect(formatMoney('123456', 'USD', 'en-GB')).toBe('USD 1,234.56');
    expect(formatMoney('123456', 'JPY', 'en-GB')).toBe('JPY 123,456');
    expect(formatMoney('123456', 'KWD', 'en-GB')).toBe('KWD 123.456');
    expect(formatMinor('-5', 'USD', 'zh-CN')).toBe('−0.05');
  });
  it('keeps every digit beyond what a float can hold', () => {
    expect(formatMinor('9223372036854775807', 'USD', 'en-GB')).toBe('92,233,720,368,547,758.07');
  });
  it('uses the decimal sign of the locale', () => {
    expect(formatMinor('123456', 'EUR', 'de-DE')).toBe('1.234,56');
  });
  it('reads what it wrote', () => {
    expect(textToMinor(minorToText('1205', 'USD'), 'USD')).toBe(1205n);
    expect(textToMinor('1,000', 'USD')).toBe(100000n);
  });
  it('refuses digits it cannot hold exactly and what is no number', () => {
    expect(textToMinor('1.005', 'USD')).toBeNull();
    expect(textToMinor('1.5', 'JPY')).toBeNull();
    expect(textToMinor('1e3', 'USD')).toBeNull();
    expect(textToScaled('', 2)).toBeNull();
  });
});
