import type { QueryClient } from '@tanstack/react-query';
import { API, refreshSession } from './client';
import type { LiveEvent } from './types';

const LOCK = 'entrepot-live';
const CHANNEL = 'entrepot-live';

/** Splits a server-sent stream into its events; keeps the unfinished rest. */
export function parseStream(buffer: string): { events: { id: string | null; data: string }[]; rest: string } {
  const blocks = buffer.replace(/\r\n/g, '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block) => {
    let id: string | null = null;
    const data: string[] = [];
    for (const line of block.split('\n')) {
      if (line.startsWith('id:')) id = line.slice(3).trim();
      if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    }
    return data.length ? [{ id, data: data.join('\n') }] : [];
  });
  return { events, rest };
}

function invalidate(client: QueryClient, event: LiveEvent): void {
  const touch = (...keys: string[]) => void client.invalidateQueries({ queryKey: keys });
  if (event.subject_kind === 'order') {
    touch('order', event.subject_id);
    touch('orders');
    touch('wallet');
  } else if (event.subject_kind === 'market') touch('market');
  else if (event.subject_kind === 'product') touch('products');
  else if (event.subject_kind === 'wallet' || event.subject_kind === 'company') touch('wallet');
  else void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  touch('admin');
}

/** Reads the stream until it ends; answers the last event id seen. */
async function readOnce(lastId: string, signal: AbortSignal, publish: (e: LiveEvent, id: string) => void) {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (lastId) headers['Last-Event-ID'] = lastId;
  const reply = await fetch(`${API}/live`, {
    headers,
    signal,
    credentials: 'same-origin',
    cache: 'no-store',
  });
  if (reply.status === 401) await refreshSession();
  if (!reply.ok || !reply.body) throw new Error(`live ${reply.status}`);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const { events, rest } = parseStream(buffer + value);
    buffer = rest;
    for (const { id, data } of events) publish(JSON.parse(data) as LiveEvent, id ?? '');
  }
}

/**
 * One stream per browser: the tab that holds the lock reads it and tells the others.
 * When it closes, the next tab in line takes over from the last event all of them saw.
 */
export function startLive(client: QueryClient): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel(CHANNEL);
  let lastId = '';
  channel.onmessage = (message: MessageEvent<{ event: LiveEvent; id: string }>) => {
    if (message.data.id) lastId = message.data.id;
    invalidate(client, message.data.event);
  };

  const lead = async () => {
    let wait = 500;
    while (!stop.signal.aborted) {
      try {
        await readOnce(lastId, stop.signal, (event, id) => {
          wait = 500;
          if (id) lastId = id;
          channel.postMessage({ event, id });
          invalidate(client, event);
        });
      } catch {
        if (stop.signal.aborted) return;
      }
      await new Promise((resume) => setTimeout(resume, wait));
      wait = Math.min(wait * 2, 15_000);
    }
  };

  // Web Locks exist in secure contexts only; elsewhere each tab reads for itself.
  if (navigator.locks)
    void navigator.locks.request(LOCK, { signal: stop.signal }, lead).catch(() => undefined);
  else void lead();
  return () => {
    stop.abort();
    channel.close();
  };
}
