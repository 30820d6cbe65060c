import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { Asked } from './contract';

const next = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;

export type OwnFilter = NonNullable<Asked<'get', '/own-products'>['query']>;
export const ownProductsQuery = (filter: OwnFilter) =>
  infiniteQueryOptions({
    queryKey: ['own-products', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/own-products', { query: { limit: 100, ...filter, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
/** Listings that wait for the market's look. */
export const listingQueueQuery = infiniteQueryOptions({
  queryKey: ['listing-queue'],
  queryFn: ({ pageParam, signal }) =>
    call('get', '/admin/listings', { query: { cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: next,
});
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['product', id, 'history'],
    queryFn: ({ signal }) => call('get', '/products/{id}/history', { path: { id }, signal }),
  });
export const picturesQuery = queryOptions({
  queryKey: ['pictures'],
  queryFn: ({ signal }) => call('get', '/pictures', { signal }),
});
export const shortlistQuery = infiniteQueryOptions({
  queryKey: ['shortlist', 'entries'],
  queryFn: ({ pageParam, signal }) =>
    call('get', '/shortlist', { query: { limit: 50, cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: next,
});
/** What is on the shortlist, for marks on cards. */
export const shortlistedQuery = queryOptions({
  queryKey: ['shortlist', 'products'],
  queryFn: ({ signal }) => call('get', '/shortlist/products', { signal }),
  staleTime: 60_000,
});
