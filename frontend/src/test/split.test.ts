import { describe, expect, it } from 'vitest';
import { sharesMissing, splitLargestRemainder, splitQuantity } from '../lib/split';

describe('split', () => {
  it('always adds up to the total', () => {
    for (let total = 0n; total < 200n; total += 7n) {
      const parts = splitLargestRemainder(total, [3n, 3n, 1n]);
      expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
    }
  });
  it('gives what is left to the largest remainders', () => {
    expect(splitLargestRemainder(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(splitLargestRemainder(100n, [1n, 2n])).toEqual([33n, 67n]);
  });
  it('gives everything to the last where nothing weighs', () => {
    expect(splitLargestRemainder(5n, [0n, 0n])).toEqual([0n, 5n]);
    expect(splitLargestRemainder(5n, [])).toEqual([]);
  });
  it('splits pieces whole and metres by the thousandth', () => {
    expect(splitQuantity(10_000n, 3)).toEqual([4_000n, 3_000n, 3_000n]);
    expect(splitQuantity(1_500n, 2)).toEqual([750n, 750n]);
  });
  it('tells what the shares of stages lack or exceed', () => {
    expect(sharesMissing([3000, 7000])).toBe(0);
    expect(sharesMissing([3000, 6000])).toBe(1000);
    expect(sharesMissing([3000, 8000])).toBe(-1000);
  });
});
