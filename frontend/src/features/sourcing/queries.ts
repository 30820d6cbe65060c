import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client';

export type RfqListView = 'mine' | 'board' | 'inbox';

const next = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;

export const rfqsQuery = (view: RfqListView) =>
  infiniteQueryOptions({
    queryKey: ['rfqs', view],
    queryFn: ({ pageParam, signal }) => call('get', '/rfqs', { query: { view, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
  });
export const rfqQuery = (id: string) =>
  queryOptions({
    queryKey: ['rfq', id, 'page'],
    queryFn: ({ signal }) => call('get', '/rfqs/{rfq}', { path: { rfq: id }, signal }),
  });
export const quotesQuery = (id: string) =>
  queryOptions({
    queryKey: ['rfq', id, 'quotes'],
    queryFn: ({ signal }) => call('get', '/rfqs/{rfq}/quotes', { path: { rfq: id }, signal }),
  });
export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ['rfq', id, 'comparison'],
    queryFn: ({ signal }) => call('get', '/rfqs/{rfq}/comparison', { path: { rfq: id }, signal }),
  });
export const matchesQuery = (id: string) =>
  queryOptions({
    queryKey: ['rfq', id, 'matches'],
    queryFn: ({ signal }) => call('get', '/rfqs/{rfq}/matches', { path: { rfq: id }, signal }),
    // The job that finds them follows the log a moment later.
    refetchInterval: (query) => (query.state.data?.items.length ? false : 5_000),
  });
export const ownQuotesQuery = infiniteQueryOptions({
  queryKey: ['rfqs', 'quotes'],
  queryFn: ({ pageParam, signal }) => call('get', '/quotes', { query: { cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: next,
});
export const quotaQuery = queryOptions({
  queryKey: ['rfqs', 'quota'],
  queryFn: ({ signal }) => call('get', '/quotes/quota', { signal }),
});

/** What a step on a request or quote makes stale. */
export const STALE = [['rfqs'], ['rfq'], ['orders']];
