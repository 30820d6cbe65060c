import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';

/** How many notices are unread; told anew over the live stream. */
export const unreadNoticesQuery = queryOptions({
  queryKey: ['notices', 'unread'],
  queryFn: ({ signal }) => call('get', '/notices/unread', { signal }),
  staleTime: 30_000,
});
export const noticesQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ['notices', 'list', unread],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/notices', {
        query: { unread: unread || undefined, cursor: pageParam || undefined },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
  });
export const choicesQuery = queryOptions({
  queryKey: ['notice-choices'],
  queryFn: ({ signal }) => call('get', '/notices/choices', { signal }),
});
export const savedSearchesQuery = queryOptions({
  queryKey: ['saved-searches'],
  queryFn: ({ signal }) => call('get', '/saved-searches', { signal }),
});
