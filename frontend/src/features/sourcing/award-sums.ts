import type { ComparisonCell, Quote } from '../../api/types';
import { ladderOf, lineValue, parseQuantity, priceText, rungFor } from '../../lib/ladder';

/** Quantities to award by quote and line, as typed. */
export type Choice = Record<string, Record<number, string>>;

/** Share of a line's freight that a part of it carries, rounded half up as the server does. */
export function freightOfPart(share: bigint, part: bigint, whole: bigint): bigint {
  return whole > 0n ? (share * part * 2n + whole) / (whole * 2n) : 0n;
}

/** Value of a chosen part in minor units, goods and freight; null where the quantity has no price. */
export function partValue(
  quote: Quote | undefined,
  line: number,
  typed: string,
  cell: ComparisonCell | undefined,
  wanted: string,
): bigint | null {
  const quantity = parseQuantity(typed);
  const whole = parseQuantity(wanted);
  const ladder = quote?.versions[0]?.lines.find((one) => one.line === line)?.ladder;
  if (!quote || !ladder || quantity === null || whole === null) return null;
  const rung = rungFor(ladderOf(ladder), quantity);
  if (!rung) return null;
  const freight = BigInt(cell?.freight?.minor ?? '0');
  return lineValue(quantity, rung.micros, quote.currency) + freightOfPart(freight, quantity, whole);
}

/** The price per unit of a ladder at the quantity wanted; null below the smallest quantity sold. */
export function priceWanted(
  ladder: { from_quantity: string; unit_price: string }[],
  wanted: string,
  currency: string,
): string | null {
  const quantity = parseQuantity(wanted);
  const rung = quantity === null ? null : rungFor(ladderOf(ladder), quantity);
  return rung ? priceText(rung.micros, currency) : null;
}

/** What is sent: one part per quote that got a quantity, the lines in their order. */
export function partsOf(choice: Choice, quotes: Quote[]) {
  return quotes.flatMap((quote) => {
    const lines = Object.entries(choice[quote.id] ?? {})
      .filter(([, quantity]) => quantity.trim() !== '')
      .map(([line, quantity]) => ({ line: Number(line), quantity: quantity.trim() }))
      .sort((a, b) => a.line - b.line);
    const version = quote.versions[0]?.no;
    return lines.length > 0 && version ? [{ quote_id: quote.id, version, lines }] : [];
  });
}
