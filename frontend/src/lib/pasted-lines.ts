/** A pasted line of a quick order. */
export interface PastedLine {
  sku: string;
  quantity: string;
  supplier: string | null;
}

/** Lines a quick order takes. */
export const PASTED_MAX = 200;

/** Cells of a line: tabs as spreadsheets copy them, else semicolons, else commas, else blanks. */
function cells(row: string): string[] {
  const mark = ['\t', ';', ','].find((one) => row.includes(one));
  if (mark) return row.split(mark).map((cell) => cell.trim());
  // An SKU may hold blanks and numbers: the last number is the quantity, what follows it the supplier.
  const words = row.trim().split(/\s+/);
  const at = words.findLastIndex((word, place) => place > 0 && /^\d+([.]\d+)?$/.test(word));
  if (at < 0) return [row.trim(), ''];
  return [words.slice(0, at).join(' '), words[at] ?? '', words.slice(at + 1).join(' ')];
}

/** Reads `SKU quantity [supplier]`, one a line; blank lines and a header are passed over. What is wrong with a line the server says. */
export function readLines(text: string): PastedLine[] {
  return text
    .split(/\r?\n/)
    .filter((row) => row.trim() !== '')
    .map(cells)
    .filter(([sku = ''], place) => place > 0 || sku.toLowerCase() !== 'sku')
    .map(([sku = '', quantity = '', supplier = '']) => ({ sku, quantity, supplier: supplier || null }));
}

/** The text with the quantity of one line changed, the others as they stand. */
export function withQuantity(lines: PastedLine[], place: number, quantity: string): string {
  return lines
    .map((line, n) => [line.sku, n === place ? quantity : line.quantity, line.supplier ?? ''])
    .map((parts) => parts.join('\t').trimEnd())
    .join('\n');
}
