import { describe, expect, it } from 'vitest';
import {
  ladderOf,
  lineValue,
  nearestLegal,
  nextRung,
  parseQuantity,
  priceText,
  quantityText,
  rungFor,
} from '../lib/ladder';

const ladder = ladderOf([
  { from_quantity: '500', unit_price: '1.05' },
  { from_quantity: '100', unit_price: '1.20' },
]);
const q = (text: string) => parseQuantity(text) ?? 0n;

describe('ladder', () => {
  it('prices a quantity by the highest rung it reaches', () => {
    expect(rungFor(ladder, q('99'))).toBeNull();
    expect(rungFor(ladder, q('100'))?.micros).toBe(1_200_000n);
    expect(rungFor(ladder, q('499.999'))?.micros).toBe(1_200_000n);
    expect(rungFor(ladder, q('500'))?.micros).toBe(1_050_000n);
    expect(nextRung(ladder, q('100'))?.from).toBe(q('500'));
    expect(nextRung(ladder, q('500'))).toBeNull();
  });
  it('rounds a line half up, once', () => {
    expect(lineValue(q('1200'), 3_500n, 'USD')).toBe(420n);
    expect(lineValue(q('1'), 5_000n, 'USD')).toBe(1n);
    expect(lineValue(q('1'), 4_999n, 'USD')).toBe(0n);
    expect(lineValue(q('12.5'), 2_400_000n, 'USD')).toBe(3000n);
    expect(lineValue(q('3'), 500_000n, 'JPY')).toBe(2n);
  });
  it('names the nearest quantity that may be ordered', () => {
    expect(nearestLegal(q('1'), q('100'), q('50'))).toBe(q('100'));
    expect(nearestLegal(q('120'), q('100'), q('50'))).toBe(q('100'));
    expect(nearestLegal(q('125'), q('100'), q('50'))).toBe(q('150'));
    expect(nearestLegal(q('150'), q('100'), q('50'))).toBe(q('150'));
  });
  it('shows as many digits as a price needs', () => {
    expect(priceText(3_500n, 'USD')).toBe('0.0035');
    expect(priceText(1_200_000n, 'USD')).toBe('1.20');
    expect(priceText(1_000_000n, 'JPY')).toBe('1');
    expect(quantityText(q('12.500'))).toBe('12.5');
  });
});
