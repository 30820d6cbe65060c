import type { OrderTerms } from '../api/types';
import { lineValue, parsePrice, parseQuantity } from './ladder';

/** Values of lines and of the whole order, in minor units. */
export interface Totals {
  lines: bigint[];
  goods: bigint;
  total: bigint;
}

export function totalsOf(terms: OrderTerms): Totals {
  const lines = terms.lines.map((line) =>
    lineValue(parseQuantity(line.quantity) ?? 0n, parsePrice(line.unit_price), terms.currency),
  );
  const goods = lines.reduce((a, b) => a + b, 0n);
  return {
    lines,
    goods,
    total: goods + BigInt(terms.freight_minor) - BigInt(terms.discount_minor) + BigInt(terms.tax_minor),
  };
}

/** What the shipments lack of a line's quantity; zero when they add up. */
export function unshipped(terms: OrderTerms, line: number): bigint {
  const whole = parseQuantity(terms.lines[line]?.quantity ?? '') ?? 0n;
  return (
    whole -
    terms.shipments.reduce(
      (sum, shipment) => sum + (parseQuantity(shipment.quantities[line] ?? '') ?? 0n),
      0n,
    )
  );
}
