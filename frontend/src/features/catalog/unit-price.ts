import type { ProductCard } from '../../api/types';
import { ladderOf, lineValue, parseQuantity, rungFor } from '../../lib/ladder';

/** Unit price and total of a card at the typed quantity, from its ladder. */
export function useUnitPrice(card: ProductCard, quantity: string) {
  const amount = parseQuantity(quantity);
  const minimum = parseQuantity(String(card.moq)) ?? 0n;
  const legal = amount !== null && amount >= minimum;
  if (amount === null) return { kind: 'range' as const };
  const micros = legal ? rungFor(ladderOf(card.ladder), amount)?.micros : undefined;
  if (micros === undefined) return { kind: 'below' as const };
  return { kind: 'price' as const, micros, total: lineValue(amount, micros, card.currency) };
}
