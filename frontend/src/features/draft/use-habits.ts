import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { companyQuery, orderQuery, ordersQuery } from '../../api/queries';
import type { Side } from '../../api/types';
import type { Habits } from './habits';

/** Looks up what the parties wrote into their last orders; undefined until everything has been answered. */
export function useHabits(side: Side, buyer: string, seller: string): Habits | undefined {
  const orders = useInfiniteQuery(ordersQuery({ role: side }));
  const items = orders.data?.pages.flatMap((page) => page.items) ?? [];
  const bought = items.find((order) => order.buyer.id === buyer)?.id ?? '';
  const between = items.find((order) => order.buyer.id === buyer && order.seller.id === seller)?.id ?? '';
  const company = useQuery(companyQuery(buyer));
  const last = useQuery({ ...orderQuery(bought), enabled: bought !== '' });
  const same = useQuery({ ...orderQuery(between), enabled: between !== '' });
  const waiting =
    orders.isLoading ||
    company.isLoading ||
    (bought !== '' && last.isLoading) ||
    (between !== '' && same.isLoading);
  if (waiting || buyer === '') return undefined;
  return { bought: last.data?.terms, between: same.data?.terms, buyer: company.data };
}
