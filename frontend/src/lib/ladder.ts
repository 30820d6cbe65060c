import { exponentOf, scaledToText, textToScaled, trimZeros } from './money';

/** A price break: from this quantity on, one unit costs this price. */
export interface Rung {
  from: bigint;
  micros: bigint;
}

export const MICRO_DIGITS = 6;
export const QUANTITY_DIGITS = 3;

export function parseQuantity(text: string): bigint | null {
  const value = textToScaled(text, QUANTITY_DIGITS);
  return value !== null && value > 0n ? value : null;
}

export function quantityText(quantity: bigint): string {
  return trimZeros(scaledToText(quantity, QUANTITY_DIGITS));
}

export function parsePrice(price: string): bigint {
  return textToScaled(price, MICRO_DIGITS) ?? 0n;
}

/** Shows at least the currency's own digits and no more than the price needs. */
export function priceText(micros: bigint, currency: string): string {
  const full = scaledToText(micros, MICRO_DIGITS);
  const [whole = '0', fraction = ''] = full.split('.');
  const kept = fraction.replace(/0+$/, '').padEnd(exponentOf(currency), '0');
  return kept ? `${whole}.${kept}` : whole;
}

export function ladderOf(rungs: { from_quantity: string; unit_price: string }[]): Rung[] {
  return rungs
    .map((rung) => ({
      from: parseQuantity(rung.from_quantity) ?? 0n,
      micros: parsePrice(rung.unit_price),
    }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The rung that prices this quantity, or null below the first one. */
export function rungFor(ladder: Rung[], quantity: bigint): Rung | null {
  let found: Rung | null = null;
  for (const rung of ladder) if (rung.from <= quantity) found = rung;
  return found;
}

/** The price of one unit of a product at a quantity; null below its minimum. */
export function priceAt(
  product: { moq: string; ladder: { from_quantity: string; unit_price: string }[] },
  quantity: string,
): bigint | null {
  const amount = parseQuantity(quantity);
  const minimum = parseQuantity(product.moq) ?? 0n;
  if (amount === null || amount < minimum) return null;
  return rungFor(ladderOf(product.ladder), amount)?.micros ?? null;
}

function divideHalfUp(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return value >= 0n ? (value + half) / divisor : -((-value + half) / divisor);
}

/** Value of a line in minor units: rounded half up, once. */
export function lineValue(quantity: bigint, micros: bigint, currency: string): bigint {
  const exponent = exponentOf(currency);
  return divideHalfUp(
    quantity * micros * 10n ** BigInt(exponent),
    10n ** BigInt(MICRO_DIGITS + QUANTITY_DIGITS),
  );
}

/** The nearest quantity that may be ordered: at least the minimum and a whole number of steps above it. */
export function nearestLegal(quantity: bigint, minimum: bigint, step: bigint): bigint {
  if (quantity <= minimum) return minimum;
  if (step <= 0n) return quantity;
  const above = quantity - minimum;
  const down = (above / step) * step;
  const rest = above - down;
  return minimum + (rest * 2n >= step ? down + step : down);
}

/** What the next cheaper rung saves per unit, for the hint under the ladder. */
export function nextRung(ladder: Rung[], quantity: bigint): Rung | null {
  return ladder.find((rung) => rung.from > quantity) ?? null;
}
