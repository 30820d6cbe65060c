import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, call, onSignedOut, withQuery } from '../api/client';
import { parseStream } from '../api/live';

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const stale = () => json(401, { title: 'Unauthorized', status: 401, code: 'unauthenticated', detail: '' });

function serve(routes: (path: string, init: RequestInit) => Response) {
  const fetched = vi.fn((path: string, init: RequestInit = {}) => Promise.resolve(routes(path, init)));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
afterEach(() => vi.unstubAllGlobals());

describe('client', () => {
  it('refreshes a stale session once and repeats the call', async () => {
    let fresh = false;
    const fetched = serve((path) => {
      if (path.endsWith('/auth/refresh')) {
        fresh = true;
        return json(200, {});
      }
      return fresh ? json(200, { path }) : stale();
    });
    const [a, b] = await Promise.all([call<{ path: string }>('/wallet'), call<{ path: string }>('/market')]);
    expect(a.path).toContain('/wallet');
    expect(b.path).toContain('/market');
    expect(fetched.mock.calls.filter(([path]) => path.endsWith('/auth/refresh'))).toHaveLength(1);
  });
  it('tells that the session is over when it cannot be refreshed', async () => {
    const heard = vi.fn();
    const stop = onSignedOut(heard);
    serve(stale);
    await expect(call('/wallet')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
  });
  it('does not refresh on a wrong password', async () => {
    const fetched = serve(stale);
    await expect(call('/auth/sign-in', { method: 'POST', body: {} })).rejects.toBeInstanceOf(ApiProblem);
    expect(fetched).toHaveBeenCalledTimes(1);
  });
  it('keeps the idempotency key over the repeat', async () => {
    const keys: (string | null)[] = [];
    let fresh = false;
    serve((path, init) => {
      if (path.endsWith('/auth/refresh')) {
        fresh = true;
        return json(200, {});
      }
      keys.push((init.headers as Headers).get('Idempotency-Key'));
      return fresh ? json(200, {}) : stale();
    });
    await call('/wallet/pay-ins', { method: 'POST', body: {}, key: 'one' });
    expect(keys).toEqual(['one', 'one']);
  });
  it('turns a refusal into a problem with its fields', async () => {
    serve(() =>
      json(422, {
        title: 'Refused',
        status: 422,
        code: 'invalid',
        detail: 'No',
        errors: [{ pointer: '/terms/stages', code: 'sum', detail: '90 %' }],
      }),
    );
    const fault = await call('/orders', { method: 'POST', body: {} }).catch((caught: unknown) => caught);
    expect(fault).toBeInstanceOf(ApiProblem);
    expect((fault as ApiProblem).fields[0]?.pointer).toBe('/terms/stages');
  });
  it('leaves empty parameters out', () => {
    expect(withQuery('/products', { q: 'a b', category: '', limit: 5 })).toBe('/products?q=a+b&limit=5');
  });
  it('reads a stream of events in pieces', () => {
    const first = parseStream('id: 4\ndata: {"seq":4}\n\n: keep\n\nid: 5\nda');
    expect(first.events).toEqual([{ id: '4', data: '{"seq":4}' }]);
    expect(parseStream(`${first.rest}ta: {}\n\n`).events).toEqual([{ id: '5', data: '{}' }]);
  });
});
