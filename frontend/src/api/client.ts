import type { FieldProblem, Problem } from './types';

export const API = '/api/v1';

/** A refusal or fault of the server, as problem+json tells it. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiProblem';
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
  /** Complaints by field, whether the server sent one pointer or several. */
  get fields(): FieldProblem[] {
    const { errors, pointer, code, detail } = this.problem;
    if (errors?.length) return errors;
    return pointer ? [{ pointer, code, detail }] : [];
  }
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  /** Raw bodies (files, CSV) bypass JSON. */
  raw?: { content: BodyInit; type: string };
  key?: string;
  version?: number;
  signal?: AbortSignal;
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the session can no longer be refreshed. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

type Asker = (problem: Problem) => Promise<boolean>;
let asker: Asker | null = null;
let asking: Promise<boolean> | null = null;

/** Calls `ask` when a step wants the password or a code once more; true repeats the step. */
export function onStepUp(ask: Asker): () => void {
  asker = ask;
  return () => {
    if (asker === ask) asker = null;
  };
}

/** Asks at most once at a time, however many calls were told to. */
function askOnce(problem: Problem): Promise<boolean> {
  if (!asker) return Promise.resolve(false);
  asking ??= asker(problem).finally(() => {
    asking = null;
  });
  return asking;
}

let refreshing: Promise<boolean> | null = null;

/** Refreshes the session at most once at a time, however many calls found it stale. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= fetch(`${API}/auth/refresh`, { method: 'POST', credentials: 'same-origin' })
    .then((reply) => reply.ok)
    .catch(() => false)
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

function headersOf(options: CallOptions): Headers {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' });
  if (options.raw) headers.set('Content-Type', options.raw.type);
  else if (options.body !== undefined) headers.set('Content-Type', 'application/json');
  if (options.key) headers.set('Idempotency-Key', options.key);
  if (options.version !== undefined) headers.set('If-Match', `"${options.version}"`);
  return headers;
}

function send(path: string, options: CallOptions): Promise<Response> {
  return fetch(API + path, {
    method: options.method ?? 'GET',
    credentials: 'same-origin',
    headers: headersOf(options),
    body: options.raw
      ? options.raw.content
      : options.body === undefined
        ? undefined
        : JSON.stringify(options.body),
    signal: options.signal,
  });
}

async function problemOf(reply: Response): Promise<ApiProblem> {
  const fallback: Problem = {
    title: reply.statusText,
    status: reply.status,
    code: `http_${reply.status}`,
    detail: '',
  };
  try {
    return new ApiProblem({ ...fallback, ...((await reply.json()) as Partial<Problem>) });
  } catch {
    return new ApiProblem(fallback);
  }
}

/** What people do before they are signed in answers 401 for other reasons; refreshing cannot help. */
const OUTSIDE = [
  '/auth/sign-',
  '/auth/demo',
  '/auth/refresh',
  '/auth/options',
  '/auth/password/',
  '/auth/email/verify',
  '/auth/invitation',
  '/auth/first-admin',
];
function mayRefresh(path: string): boolean {
  return !OUTSIDE.some((start) => path.startsWith(start)) || path === '/auth/email/verification';
}

/** Sends a call, and once more after refreshing a stale session. */
async function attempt(path: string, options: CallOptions): Promise<Response> {
  let reply = await send(path, options);
  if (reply.status === 401 && mayRefresh(path)) {
    if (await refreshSession()) reply = await send(path, options);
    if (reply.status === 401) for (const listener of signedOutListeners) listener();
  }
  return reply;
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  let reply: Response;
  try {
    reply = await attempt(path, options);
    if (reply.status === 403) {
      const refused = await problemOf(reply);
      // The step is repeated as it was, under the same idempotency key.
      if (refused.code !== 'identity.step_up_needed' || !(await askOnce(refused.problem))) throw refused;
      reply = await attempt(path, options);
    }
  } catch (fault) {
    if (fault instanceof ApiProblem) throw fault;
    if (fault instanceof DOMException && fault.name === 'AbortError') throw fault;
    throw new ApiProblem({ title: 'Network', status: 0, code: 'network', detail: '' });
  }
  if (!reply.ok) throw await problemOf(reply);
  if (reply.status === 204) return undefined as T;
  const text = await reply.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** A path with the given search parameters; empty ones are left out. */
export function withQuery(path: string, query: Record<string, string | number | undefined | null>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
