import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiProblem, call, untold } from './client';
import type { Asked } from './contract';
import type * as T from './types';

const next = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;

export const optionsQuery = queryOptions({
  queryKey: ['auth-options'],
  queryFn: ({ signal }) => call('get', '/auth/options', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
/** The signed-in user in a seat. */
export type Seated = T.Me & { seat: T.Seat };
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Seated> => {
    const me = await call('get', '/auth/me', { signal });
    // Every screen is somebody's seat; without one nothing but signing in as somebody else is left.
    if (!me.seat) throw new ApiProblem(untold('No seat', 403, 'no_seat'));
    return { ...me, seat: me.seat };
  },
  staleTime: 60_000,
  retry: false,
});
export const marketQuery = queryOptions({
  queryKey: ['market'],
  queryFn: ({ signal }) => call('get', '/market', { signal }),
  staleTime: 5_000,
  refetchInterval: 30_000,
});

export interface ProductFilter {
  category?: string;
  supplier?: string;
  limit?: number;
}
export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ['products', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/products', { query: { limit: 24, ...filter, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export type SearchFilter = NonNullable<Asked<'get', '/search'>['query']>;
export const searchQuery = (filter: SearchFilter) =>
  infiniteQueryOptions({
    queryKey: ['search', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/search', { query: { limit: 24, ...filter, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export type SupplierFilter = NonNullable<Asked<'get', '/search/suppliers'>['query']>;
export const suppliersQuery = (filter: SupplierFilter) =>
  infiniteQueryOptions({
    queryKey: ['search', 'suppliers', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/search/suppliers', { query: { limit: 24, ...filter, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export const suggestionsQuery = (typed: string) =>
  queryOptions({
    queryKey: ['search', 'suggestions', typed],
    queryFn: ({ signal }) => call('get', '/search/suggestions', { query: { q: typed }, signal }),
    enabled: typed.trim() !== '' && typed.length <= 200,
    placeholderData: (previous) => previous,
    staleTime: 60_000,
  });
export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: ({ signal }) => call('get', '/categories', { signal }),
  staleTime: 300_000,
});
export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ['product', id],
    queryFn: ({ signal }) => call('get', '/products/{id}', { path: { id }, signal }),
  });
export const companyQuery = (id: string) =>
  queryOptions({
    queryKey: ['company', id],
    queryFn: ({ signal }) => call('get', '/companies/{id}', { path: { id }, signal }),
    enabled: id !== '',
  });
export const companiesQuery = (side: 'sells' | 'buys') =>
  queryOptions({
    queryKey: ['companies', side],
    queryFn: ({ signal }) => call('get', '/companies', { query: { [side]: true, limit: 100 }, signal }),
  });

export interface OrderFilter {
  status?: T.OrderStatus;
  phase?: T.Phase;
  role?: T.Side;
}
export const ordersQuery = (filter: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ['orders', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/orders', { query: { ...filter, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'view'],
    queryFn: ({ signal }) => call('get', '/orders/{order}', { path: { order: id }, signal }),
  });
export const actionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'actions'],
    queryFn: ({ signal }) => call('get', '/orders/{order}/actions', { path: { order: id }, signal }),
  });
export const orderEventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'events'],
    queryFn: ({ signal }) => call('get', '/orders/{order}/events', { path: { order: id }, signal }),
  });
export const orderVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'versions'],
    queryFn: ({ signal }) => call('get', '/orders/{order}/versions', { path: { order: id }, signal }),
  });
export const orderJournalsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'journals'],
    queryFn: ({ signal }) => call('get', '/orders/{order}/journals', { path: { order: id }, signal }),
    enabled: id !== '',
  });
export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'messages'],
    queryFn: ({ signal }) => call('get', '/orders/{order}/messages', { path: { order: id }, signal }),
  });

export type WalletPart = NonNullable<NonNullable<Asked<'get', '/wallet/statement'>['query']>['account']>;
export const walletQuery = queryOptions({
  queryKey: ['wallet'],
  queryFn: ({ signal }) => call('get', '/wallet', { signal }),
});
export const statementQuery = (currency: string, account: WalletPart) =>
  infiniteQueryOptions({
    queryKey: ['wallet', 'statement', currency, account],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/wallet/statement', { query: { currency, account, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    enabled: currency !== '',
  });
export const trialBalanceQuery = queryOptions({
  queryKey: ['admin', 'trial-balance'],
  queryFn: ({ signal }) => call('get', '/admin/trial-balance', { signal }),
});
export const clientMoneyQuery = queryOptions({
  queryKey: ['admin', 'client-money'],
  queryFn: ({ signal }) => call('get', '/admin/client-money', { signal }),
});
export const auditQuery = infiniteQueryOptions({
  queryKey: ['admin', 'events'],
  queryFn: ({ pageParam, signal }) => call('get', '/admin/events', { query: { cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: next,
});
export const importQuery = (id: string | null) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: ({ signal }) => call('get', '/imports/{id}', { path: { id: id ?? '' }, signal }),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === 'running' || !query.state.data ? 700 : false),
  });
