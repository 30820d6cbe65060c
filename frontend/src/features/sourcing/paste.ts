import type { RfqLineDraft } from '../../api/types';
import { parseQuantity, quantityText } from '../../lib/ladder';
import { textToScaled } from '../../lib/money';

/** Columns of a pasted table, in this order; a row may end early after the quantity. */
export const COLUMNS = ['title', 'category', 'quantity', 'unit', 'hs_code', 'target_price'] as const;

export interface Pasted {
  lines: RfqLineDraft[];
  /** Numbers of rows that could not be read, from 1. */
  bad: number[];
}

/** Cells of a row: tabs as spreadsheets copy them, else semicolons, else commas. */
function cells(row: string): string[] {
  const mark = ['\t', ';', ','].find((one) => row.includes(one)) ?? '\t';
  return row.split(mark).map((cell) => cell.trim());
}

/** Reads a table copied from a spreadsheet; good rows are kept, bad ones are named. */
export function readTable(text: string, category: string): Pasted {
  const pasted: Pasted = { lines: [], bad: [] };
  for (const [index, row] of text.split(/\r?\n/).entries()) {
    if (row.trim() === '') continue;
    const [title = '', slug = '', count = '', unit = '', hs = '', price = ''] = cells(row);
    if (index === 0 && title.toLowerCase() === 'title') continue;
    const quantity = parseQuantity(count);
    const priced = price === '' || (textToScaled(price, 6) ?? 0n) > 0n;
    const coded = hs === '' || /^\d{6,10}$/.test(hs);
    if (title === '' || quantity === null || !priced || !coded) {
      pasted.bad.push(index + 1);
      continue;
    }
    pasted.lines.push({
      title,
      category: slug || category,
      quantity: quantityText(quantity),
      unit: unit || 'pcs',
      hs_code: hs,
      target_price: price || null,
    });
  }
  return pasted;
}
