import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';

const next = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;

export const ownStockQuery = (q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['own-stock', 'list', q],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/own-stock', { query: { limit: 50, q, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
export const stockQuery = (id: string) =>
  queryOptions({
    queryKey: ['own-stock', id],
    queryFn: ({ signal }) => call('get', '/own-stock/{id}', { path: { id }, signal }),
  });
export const stockChangesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['own-stock', id, 'changes'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/own-stock/{id}/changes', {
        path: { id },
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: next,
  });
