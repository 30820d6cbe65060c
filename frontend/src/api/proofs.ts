import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';

/** What everybody reads of a company's proofs. */
export const companyProofsQuery = (company: string) =>
  queryOptions({
    queryKey: ['proofs', 'of', company],
    queryFn: ({ signal }) => call('get', '/companies/{id}/proofs', { path: { id: company }, signal }),
    enabled: company !== '',
    staleTime: 30_000,
  });
/** How a seller's orders of the last 180 market days went. */
export const companyRecordQuery = (company: string) =>
  queryOptions({
    queryKey: ['proofs', 'record', company],
    queryFn: ({ signal }) => call('get', '/companies/{id}/record', { path: { id: company }, signal }),
    enabled: company !== '',
    staleTime: 60_000,
  });
export const ownProofsQuery = queryOptions({
  queryKey: ['proofs', 'own'],
  queryFn: ({ signal }) => call('get', '/proofs', { signal }),
});
export type QueueName = 'waiting' | 'recheck';
export const proofQueueQuery = (view: QueueName) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'proofs', view],
    queryFn: ({ pageParam, signal }) =>
      call('get', '/admin/proofs', { query: { view, cursor: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
