import { useQuery } from '@tanstack/react-query';
import { priceQuery } from '../../api/queries';
import type { ProductCard } from '../../api/types';
import { ladderOf, lineValue, parsePrice, parseQuantity, rungFor } from '../../lib/ladder';

/** Unit price and total of a card at the typed quantity: from its ladder where sent, else asked from the server. */
export function useUnitPrice(card: ProductCard, quantity: string) {
  const amount = parseQuantity(quantity);
  const minimum = parseQuantity(String(card.moq)) ?? 0n;
  const legal = amount !== null && amount >= minimum;
  const asked = useQuery({ ...priceQuery(card.id, quantity), enabled: legal && !card.ladder });
  if (amount === null) return { kind: 'range' as const };
  if (!legal) return { kind: 'below' as const };
  const rung = card.ladder ? rungFor(ladderOf(card.ladder), amount) : null;
  const micros = rung?.micros ?? (asked.data ? parsePrice(asked.data.unit_price) : null);
  if (micros === null) return { kind: asked.error ? ('below' as const) : ('asking' as const) };
  return { kind: 'price' as const, micros, total: lineValue(amount, micros, card.currency) };
}
