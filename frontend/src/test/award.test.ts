import { describe, expect, it } from 'vitest';
import type { ComparisonCell, Quote } from '../api/types';
import { freightOfPart, partsOf, partValue } from '../features/sourcing/award-sums';

const quote = {
  id: 'q1',
  currency: 'USD',
  versions: [
    {
      no: 2,
      lines: [
        {
          line: 1,
          ladder: [
            { from_quantity: '1000', unit_price: '0.0035' },
            { from_quantity: '10000', unit_price: '0.003' },
          ],
        },
      ],
    },
  ],
} as unknown as Quote;
const cell = { freight: { minor: '4286', currency: 'USD' } } as ComparisonCell;

describe('what a part of an award costs before it is given', () => {
  it('is the ladder at that quantity and the part of the freight', () => {
    expect(partValue(quote, 1, '10000', cell, '10000')).toBe(3000n + 4286n);
    expect(partValue(quote, 1, '4000', cell, '10000')).toBe(1400n + 1714n);
    expect(partValue(quote, 1, '6000', cell, '10000')).toBe(2100n + 2572n);
  });
  it('is nothing where there is no price', () => {
    for (const typed of ['', '999', 'many', '-5']) {
      expect(partValue(quote, 1, typed, cell, '10000'), typed).toBeNull();
    }
    expect(partValue(quote, 2, '5000', cell, '10000')).toBeNull();
    expect(freightOfPart(100n, 1n, 0n)).toBe(0n);
  });
  it('names the newest version and only lines with a quantity', () => {
    expect(partsOf({ q1: { 2: ' ', 1: ' 4000 ' } }, [quote])).toEqual([
      { quote_id: 'q1', version: 2, lines: [{ line: 1, quantity: '4000' }] },
    ]);
    expect(partsOf({ q1: { 1: '' }, gone: { 1: '5' } }, [quote])).toEqual([]);
  });
});
