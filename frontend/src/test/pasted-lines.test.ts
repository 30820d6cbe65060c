import { describe, expect, it } from 'vitest';
import { readLines, withQuantity } from '../lib/pasted-lines';

describe('lines pasted for a quick order', () => {
  it('are read by tabs, semicolons, commas or blanks, with or without a header', () => {
    const wanted = [
      { sku: 'A-1', quantity: '500', supplier: null },
      { sku: 'B 2', quantity: '1.5', supplier: 'Ningbo Works' },
    ];
    for (const mark of ['\t', ';', ',']) {
      const rows = [
        ['SKU', 'quantity', 'supplier'],
        ['A-1', '500'],
        ['B 2', '1.5', 'Ningbo Works'],
      ];
      expect(readLines(rows.map((row) => row.join(mark)).join('\r\n\r\n'))).toEqual(wanted);
    }
    expect(readLines('A-1  500\n B 2 1.5 Ningbo Works \n')).toEqual(wanted);
  });
  it('are kept when they are wrong, so that the answer can say why', () => {
    expect(readLines('A-1\n12\nsku')).toEqual([
      { sku: 'A-1', quantity: '', supplier: null },
      { sku: '12', quantity: '', supplier: null },
      { sku: 'sku', quantity: '', supplier: null },
    ]);
    expect(readLines(' \n\n')).toEqual([]);
  });
  it('change one quantity and leave the rest', () => {
    const lines = readLines('A-1 500\nB 2 1.5 Ningbo Works');
    expect(readLines(withQuantity(lines, 1, '2'))).toEqual([
      { sku: 'A-1', quantity: '500', supplier: null },
      { sku: 'B 2', quantity: '2', supplier: 'Ningbo Works' },
    ]);
  });
});
