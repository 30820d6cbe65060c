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

/** By when the search knows of a change. */
const SEARCH_FOLLOWS_MS = 800;

function invalidate(client: QueryClient, event: LiveEvent): void {
  const touch = (...keys: string[]) => void client.invalidateQueries({ queryKey: keys });
  // Tells the reader alone that a count changed; it is no event of the market.
  if (event.subject_kind === 'notice') {
    touch('notices');
    // What suppliers are told of a request stands on its page, whose events are the buyer's alone.
    touch('rfq');
    return;
  }
  if (event.subject_kind === 'order') {
    touch('order', event.subject_id);
    touch('orders');
    touch('wallet');
    touch('own-stock');
  } else if (event.subject_kind === 'inquiry') {
    touch('inquiry', event.subject_id);
    touch('inquiries');
  } else if (event.subject_kind === 'company_block') touch('inquiry');
  else if (event.subject_kind === 'market') {
    touch('market');
    // The clock may have ended a proof.
    touch('proofs');
  } else if (event.subject_kind === 'product') {
    touch('products');
    touch('own-products');
    touch('listing-queue');
    // The search follows the log a moment later.
    setTimeout(() => touch('search'), SEARCH_FOLLOWS_MS);
  } else if (event.subject_kind === 'wallet') touch('wallet');
  else if (event.subject_kind === 'company') {
    touch('wallet');
    touch('proofs');
    touch('company', event.subject_id);
    setTimeout(() => touch('search'), SEARCH_FOLLOWS_MS);
  } else void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  touch('admin');
}

/** A stream that stood this long was sound; what ends sooner may be one of too many, which wait longer each time, whatever it
 * told: browsers that push each other out would otherwise do so twice a second. */
const SOUND_MS = 30_000;

/** Reads the stream until it ends. */
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
 *
 * `from` is the newest event when this tab began to load: what happens before the stream stands is told then.
 */
export function startLive(client: QueryClient, from: string): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel(CHANNEL);
  let lastId = from;
  channel.onmessage = (message: MessageEvent<{ event: LiveEvent; id: string }>) => {
    if (message.data.id) lastId = message.data.id;
    invalidate(client, message.data.event);
  };

  const lead = async () => {
    let wait = 500;
    while (!stop.signal.aborted) {
      const began = Date.now();
      try {
        await readOnce(lastId, stop.signal, (event, id) => {
          if (id) lastId = id;
          channel.postMessage({ event, id });
          invalidate(client, event);
        });
      } catch {
        if (stop.signal.aborted) return;
      }
      if (Date.now() - began > SOUND_MS) wait = 500;
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
