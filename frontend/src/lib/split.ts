/** Splits `total` over `weights` by largest remainder; the parts always add up to the total. */
export function splitLargestRemainder(total: bigint, weights: bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (weights.length === 0) return [];
  if (sum === 0n) return weights.map((_, i) => (i === weights.length - 1 ? total : 0n));
  const parts = weights.map((w) => (total * w) / sum);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  const order = weights
    .map((w, index) => ({ index, rest: (total * w) % sum }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of order) {
    if (left <= 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

export const WHOLE_BPS = 10_000;

/** What the stages lack (positive) or exceed (negative), in basis points. */
export function sharesMissing(shares: number[]): number {
  return WHOLE_BPS - shares.reduce((a, b) => a + b, 0);
}

/** Quantities of a line over n shipments, in whole units where the total is whole. */
export function splitQuantity(total: bigint, shipments: number): bigint[] {
  const unit = total % 1000n === 0n ? 1000n : 1n;
  return splitLargestRemainder(
    total / unit,
    Array.from({ length: shipments }, () => 1n),
  ).map((q) => q * unit);
}
