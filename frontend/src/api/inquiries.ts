import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type * as T from './types';

const next = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;

export interface InquiryFilter {
  role?: T.Side;
  status?: T.InquiryStatus;
}
export const inquiriesQuery = (filter: InquiryFilter) =>
  infiniteQueryOptions({
    queryKey: ['inquiries', filter],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/inquiries', { query: { ...filter, cursor: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: next,
    placeholderData: (previous) => previous,
  });
/** Inquiries with something unread, for the navigation. */
export const unreadQuery = queryOptions({
  queryKey: ['inquiries', 'unread'],
  queryFn: ({ signal }) => call('get', '/inquiries/unread', { signal }),
  staleTime: 30_000,
});
export const inquiryQuery = (id: string) =>
  queryOptions({
    queryKey: ['inquiry', id, 'view'],
    queryFn: ({ signal }) => call('get', '/inquiries/{inquiry}', { path: { inquiry: id }, signal }),
  });
/** Messages page by page, the newest page first. */
export const inquiryMessagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['inquiry', id, 'messages'],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/inquiries/{inquiry}/messages', {
        path: { inquiry: id },
        query: { cursor: pageParam || undefined },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: next,
  });
export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: ({ signal }) => call('get', '/templates', { signal }),
});
export const responseClockQuery = (company: string) =>
  queryOptions({
    queryKey: ['response-clock', company],
    queryFn: ({ signal }) => call('get', '/companies/{id}/response-clock', { path: { id: company }, signal }),
    enabled: company !== '',
    staleTime: 60_000,
  });
