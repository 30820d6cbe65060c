import { describe, expect, it } from 'vitest';
import { readTable } from '../features/sourcing/paste';

describe('a table pasted from a spreadsheet', () => {
  it('is read by tabs, semicolons or commas, with or without a header', () => {
    const rows = [
      ['title', 'category', 'quantity', 'unit', 'hs_code', 'target_price'],
      ['Bolt M8', 'fasteners', '10000', 'pcs', '731815', '0.003'],
      ['Nut M8', 'nuts', '20000.5'],
    ];
    for (const mark of ['\t', ';', ',']) {
      const { lines, bad } = readTable(rows.map((row) => row.join(mark)).join('\r\n'), 'other');
      expect(bad).toEqual([]);
      expect(lines).toEqual([
        {
          title: 'Bolt M8',
          category: 'fasteners',
          quantity: '10000',
          unit: 'pcs',
          hs_code: '731815',
          target_price: '0.003',
        },
        {
          title: 'Nut M8',
          category: 'nuts',
          quantity: '20000.5',
          unit: 'pcs',
          hs_code: '',
          target_price: null,
        },
      ]);
    }
  });
  it('keeps the good rows and names the bad ones', () => {
    const text = 'Bolt\t\t10\n\tnuts\t5\nNut\tnuts\tmany\nWasher\tnuts\t5\tpcs\t12\nPin\tpins\t5\tpcs\t\t-1';
    const { lines, bad } = readTable(text, 'fasteners');
    expect(bad).toEqual([2, 3, 4, 5]);
    expect(lines.map((line) => [line.title, line.category])).toEqual([['Bolt', 'fasteners']]);
  });
  it('is nothing when nothing was pasted', () => {
    expect(readTable('\n  \n', 'x')).toEqual({ lines: [], bad: [] });
  });
});
