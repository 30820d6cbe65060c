import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { drop, keep, kept } from '../lib/kept';
import { meQuery } from './queries';

/** The seat that fills a form in; empty before signing in. It stays the same while the form is open. */
export function useOwner(): string {
  const client = useQueryClient();
  const [owner] = useState(() => client.getQueryData(meQuery.queryKey)?.seat.id ?? '');
  return owner;
}

/**
 * Calls back when the form is left for another page of the application. A reload, and a session that ran out, are no
 * leaving: the form will be wanted as it was.
 */
export function useLeave(left: () => void): void {
  const client = useQueryClient();
  const latest = useRef(left);
  useEffect(() => {
    latest.current = left;
  });
  useEffect(
    () => () => {
      if (client.getQueryData(meQuery.queryKey)) latest.current();
    },
    [client],
  );
}

/** State that outlives a reload of the tab and a session that ran out, until it is forgotten. */
export function useKept<T extends object>(
  name: string,
  initial: () => T,
): [value: T, put: (change: Partial<T>) => void, forget: (next: T) => void] {
  const owner = useOwner();
  const [value, setValue] = useState<T>(() => kept<T>(owner, name) ?? initial());
  const put = (change: Partial<T>) =>
    setValue((old) => {
      const next = { ...old, ...change };
      keep(owner, name, next);
      return next;
    });
  const forget = (next: T) => {
    setValue(next);
    drop(owner, name);
  };
  return [value, put, forget];
}
