import type { Answer, Asked, Method, Route } from './contract';
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
  /** Complaints by field. */
  get fields(): FieldProblem[] {
    return this.problem.errors;
  }
}

type Values = Record<string, string | number | boolean | undefined | null>;

/** What any route may be asked with; `Asked` says what one route takes. */
interface Request {
  path?: Record<string, string>;
  query?: Values;
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

function headersOf(asked: Request): Headers {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' });
  if (asked.raw) headers.set('Content-Type', asked.raw.type);
  else if (asked.body !== undefined) headers.set('Content-Type', 'application/json');
  if (asked.key) headers.set('Idempotency-Key', asked.key);
  if (asked.version !== undefined) headers.set('If-Match', `"${asked.version}"`);
  return headers;
}

/** The address of a route with its parts and search parameters; empty parameters are left out. */
export function address(route: string, path: Record<string, string> = {}, query: Values = {}): string {
  const place = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${place}?${text}` : place;
}

function send(method: Method, route: string, asked: Request): Promise<Response> {
  return fetch(API + address(route, asked.path, asked.query), {
    method: method.toUpperCase(),
    credentials: 'same-origin',
    headers: headersOf(asked),
    body: asked.raw ? asked.raw.content : asked.body === undefined ? undefined : JSON.stringify(asked.body),
    signal: asked.signal,
  });
}

/** A problem that no server told: the connection failed, or the answer was not ours. */
export function untold(title: string, status: number, code: string): Problem {
  return { type: 'about:blank', title, status, code, detail: '', params: {}, errors: [], next: '' };
}

async function problemOf(reply: Response): Promise<ApiProblem> {
  const fallback = untold(reply.statusText, reply.status, `http_${reply.status}`);
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
async function attempt(method: Method, route: string, asked: Request): Promise<Response> {
  let reply = await send(method, route, asked);
  if (reply.status === 401 && mayRefresh(route)) {
    if (await refreshSession()) reply = await send(method, route, asked);
    if (reply.status === 401) for (const listener of signedOutListeners) listener();
  }
  return reply;
}

/** Calls a route of the document; what it takes and answers follows from its method and path. */
export async function call<M extends Method, R extends Route<M>>(
  method: M,
  route: R,
  ...[asked]: object extends Asked<M, R> ? [asked?: Asked<M, R>] : [asked: Asked<M, R>]
): Promise<Answer<M, R>> {
  const request: Request = asked ?? {};
  let reply: Response;
  try {
    reply = await attempt(method, route, request);
    if (reply.status === 403) {
      const refused = await problemOf(reply);
      // The step is repeated as it was, under the same idempotency key.
      if (refused.code !== 'identity.step_up_needed' || !(await askOnce(refused.problem))) throw refused;
      reply = await attempt(method, route, request);
    }
  } catch (fault) {
    if (fault instanceof ApiProblem) throw fault;
    if (fault instanceof DOMException && fault.name === 'AbortError') throw fault;
    throw new ApiProblem(untold('Network', 0, 'network'));
  }
  if (!reply.ok) throw await problemOf(reply);
  const text = reply.status === 204 ? '' : await reply.text();
  return (text ? JSON.parse(text) : undefined) as Answer<M, R>;
}
