import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { nanoid } from 'nanoid';
import { useRef } from 'react';
import { ApiProblem } from './client';

/**
 * A mutation of value with one Idempotency-Key per user intent. The key lives until the server answered:
 * a double click or a retry after a network fault repeats the same key, so it takes effect once.
 */
export function useIntent<Input, Output>(
  run: (input: Input, key: string) => Promise<Output>,
  options: { invalidates?: QueryKey[]; onSuccess?: (output: Output, input: Input) => void } = {},
) {
  const client = useQueryClient();
  const intent = useRef<{ key: string; shape: string } | null>(null);
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      const shape = JSON.stringify(input) ?? '';
      if (!intent.current || intent.current.shape !== shape) intent.current = { key: nanoid(), shape };
      return run(input, intent.current.key);
    },
    onSuccess: async (output, input) => {
      intent.current = null;
      for (const queryKey of options.invalidates ?? []) void client.invalidateQueries({ queryKey });
      options.onSuccess?.(output, input);
    },
    onError: (fault) => {
      // A decided refusal ends the intent; a lost connection or a server fault does not.
      if (fault instanceof ApiProblem && fault.status >= 400 && fault.status < 500) intent.current = null;
    },
  });
}
