import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, withQuery } from './client';
import type * as T from './types';

const next = <I>(page: T.Page<I>) => page.next_cursor ?? undefined;

export const optionsQuery = queryOptions({
  queryKey: ['auth-options'],
  queryFn: ({ signal }) => call<{ demo: boolean }>('/auth/options', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call<T.Me>('/auth/me', { signal }),
  staleTime: 60_000,
  retry: false,
});
export const marketQuery = queryOptions({
  queryKey: ['market'],
  queryFn: ({ signal }) => call<T.Market>('/market', { signal }),
  staleTime: 5_000,
  refetchInterval: 30_000,
});

export interface ProductFilter {
  q?: string;
  category?: string;
  supplier?: string;
  limit?: number;
}
export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ['products', filter],
    queryFn: ({ pageParam, signal }) =>
      call<T.Page<T.ProductCard>>(withQuery('/products', { limit: 24, ...filter, cursor: pageParam }), {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: ({ signal }) => call<{ items: { slug: string }[] }>('/categories', { signal }),
  staleTime: 300_000,
});
export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ['product', id],
    queryFn: ({ signal }) => call<T.Product>(`/products/${id}`, { signal }),
  });
export const priceQuery = (id: string, quantity: string) =>
  queryOptions({
    queryKey: ['price', id, quantity],
    queryFn: ({ signal }) =>
      call<{ unit_price: T.Rung['unit_price']; total: T.Money }>(`/products/${id}/price`, {
        method: 'POST',
        body: { quantity },
        signal,
      }),
    retry: false,
    staleTime: 60_000,
  });
export const companyQuery = (id: string) =>
  queryOptions({
    queryKey: ['company', id],
    queryFn: ({ signal }) => call<T.Company>(`/companies/${id}`, { signal }),
    enabled: id !== '',
  });
export const companiesQuery = (side: 'sells' | 'buys') =>
  queryOptions({
    queryKey: ['companies', side],
    queryFn: ({ signal }) =>
      call<T.Page<T.Company>>(withQuery('/companies', { [side]: 'true', limit: 100 }), { signal }),
  });

export interface OrderFilter {
  status?: string;
  phase?: string;
  role?: T.Side;
}
export const ordersQuery = (filter: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ['orders', filter],
    queryFn: ({ pageParam, signal }) =>
      call<T.Page<T.OrderCard>>(withQuery('/orders', { ...filter, cursor: pageParam }), { signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'view'],
    queryFn: ({ signal }) => call<T.OrderView>(`/orders/${id}`, { signal }),
  });
export const actionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'actions'],
    queryFn: ({ signal }) => call<T.Actions>(`/orders/${id}/actions`, { signal }),
  });
export const orderEventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'events'],
    queryFn: ({ signal }) => call<T.Page<T.OrderEvent>>(`/orders/${id}/events`, { signal }),
  });
export const orderJournalsQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'journals'],
    queryFn: ({ signal }) => call<T.Page<T.Journal>>(`/orders/${id}/journals`, { signal }),
    enabled: id !== '',
  });
export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id, 'messages'],
    queryFn: ({ signal }) => call<T.Page<T.Message>>(`/orders/${id}/messages`, { signal }),
  });

export const walletQuery = queryOptions({
  queryKey: ['wallet'],
  queryFn: ({ signal }) => call<{ accounts: T.WalletAccount[] }>('/wallet', { signal }),
});
export const statementQuery = (currency: string, account: string) =>
  infiniteQueryOptions({
    queryKey: ['wallet', 'statement', currency, account],
    queryFn: ({ pageParam, signal }) =>
      call<T.Page<T.StatementLine>>(
        withQuery('/wallet/statement', { currency, account, cursor: pageParam }),
        {
          signal,
        },
      ),
    initialPageParam: '',
    getNextPageParam: next,
    enabled: currency !== '',
  });
export const trialBalanceQuery = queryOptions({
  queryKey: ['admin', 'trial-balance'],
  queryFn: ({ signal }) => call<T.TrialBalance>('/admin/trial-balance', { signal }),
});
export const clientMoneyQuery = queryOptions({
  queryKey: ['admin', 'client-money'],
  queryFn: ({ signal }) => call<T.ClientMoney>('/admin/client-money', { signal }),
});
export const auditQuery = infiniteQueryOptions({
  queryKey: ['admin', 'events'],
  queryFn: ({ pageParam, signal }) =>
    call<T.Page<T.OrderEvent>>(withQuery('/admin/events', { cursor: pageParam }), { signal }),
  initialPageParam: '',
  getNextPageParam: next,
});
export const importQuery = (id: string | null) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: ({ signal }) => call<T.ImportJob>(`/imports/${id}`, { signal }),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === 'running' || !query.state.data ? 700 : false),
  });
