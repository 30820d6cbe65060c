import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { nanoid } from 'nanoid';
import { useRef, useState } from 'react';
import { drop, keep, kept } from '../lib/kept';
import { ApiProblem } from './client';
import { useOwner } from './kept-state';

interface Intent {
  key: string;
  shape: string;
}

/** Refusals that decide nothing about the step: the same request may still take effect, or has. */
const UNDECIDED = [401, 408, 425, 429];

/** Says whether the server has decided, so that asking again is another intent. */
export function decided(fault: unknown): boolean {
  if (!(fault instanceof ApiProblem) || fault.status < 400 || fault.status >= 500) return false;
  return !UNDECIDED.includes(fault.status) && fault.code !== 'idempotency.in_flight';
}

/** What makes two requests the same one; a file is known by its name, size and time. */
export function shapeOf(input: unknown): string {
  if (input instanceof File) return JSON.stringify([input.name, input.size, input.lastModified]);
  return JSON.stringify(input) ?? '';
}

/**
 * A mutation of value with one Idempotency-Key per user intent. The key is kept before anything is sent and lives until
 * the server decided: a double click, a retry after a network fault, a reload in the middle and a session that ran out
 * repeat the same key, so it takes effect once.
 *
 * `name` tells the form apart from every other of its seat.
 */
export function useIntent<Input, Output>(
  name: string,
  run: (input: Input, key: string) => Promise<Output>,
  options: { invalidates?: QueryKey[]; onSuccess?: (output: Output, input: Input) => void } = {},
) {
  const client = useQueryClient();
  const owner = useOwner();
  const place = `intent/${name}`;
  const intent = useRef<Intent | null>(null);
  const [unconfirmed, setUnconfirmed] = useState(() => kept<Intent>(owner, place) !== null);
  const end = () => {
    intent.current = null;
    drop(owner, place);
    setUnconfirmed(false);
  };
  const mutation = useMutation<Output, Error, Input>({
    // A step that waits for the connection by itself would be taken after its form was closed.
    networkMode: 'always',
    mutationFn: (input) => {
      const shape = shapeOf(input);
      const before = intent.current ?? kept<Intent>(owner, place);
      intent.current = before?.shape === shape ? before : { key: nanoid(), shape };
      keep(owner, place, intent.current);
      return run(input, intent.current.key);
    },
    onSuccess: async (output, input) => {
      end();
      for (const queryKey of options.invalidates ?? []) void client.invalidateQueries({ queryKey });
      options.onSuccess?.(output, input);
    },
    onError: (fault) => {
      if (decided(fault)) end();
    },
  });
  /** Sent before this form was opened, without an answer. */
  return { ...mutation, unconfirmed };
}
