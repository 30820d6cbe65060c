import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, address, call, onSignedOut } from '../api/client';
import { parseStream } from '../api/live';
import { meQuery } from '../api/queries';
import { terms } from './mock/fixtures';

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
    const [a, b] = await Promise.all([call('get', '/wallet'), call('get', '/market')]);
    expect(a).toEqual({ path: '/api/v1/wallet' });
    expect(b).toEqual({ path: '/api/v1/market' });
    expect(fetched.mock.calls.filter(([path]) => path.endsWith('/auth/refresh'))).toHaveLength(1);
  });
  it('tells that the session is over when it cannot be refreshed', async () => {
    const heard = vi.fn();
    const stop = onSignedOut(heard);
    serve(stale);
    await expect(call('get', '/wallet')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
  });
  it('does not refresh on a wrong password', async () => {
    const fetched = serve(stale);
    const body = { email: 'a@b.test', password: 'wrong' };
    await expect(call('post', '/auth/sign-in', { body })).rejects.toBeInstanceOf(ApiProblem);
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
    const body = { amount: { minor: '1', currency: 'USD' } };
    await call('post', '/wallet/pay-ins', { body, key: 'one' });
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
    const body = { terms };
    const fault = await call('post', '/orders', { body, key: 'one' }).catch((caught: unknown) => caught);
    expect(fault).toBeInstanceOf(ApiProblem);
    expect((fault as ApiProblem).fields[0]?.pointer).toBe('/terms/stages');
  });
  it('leaves empty parameters out', () => {
    expect(address('/products', {}, { q: 'a b', category: '', limit: 5 })).toBe('/products?q=a+b&limit=5');
  });
  it('fills the parts of a route in, whatever they hold', () => {
    expect(address('/orders/{order}/files', { order: '../x?y' }, { name: 'ä.pdf' })).toBe(
      '/orders/..%2Fx%3Fy/files?name=%C3%A4.pdf',
    );
  });
  it('says so when the user has no seat, instead of showing screens to nobody', async () => {
    serve(() =>
      json(200, { user: { id: '1', name: 'A', email: 'a@b.test' }, seat: null, seats: [], demo: false }),
    );
    const client = new QueryClient();
    await expect(client.fetchQuery(meQuery)).rejects.toMatchObject({ code: 'no_seat', status: 403 });
  });
  it('reads a stream of events in pieces', () => {
    const first = parseStream('id: 4\ndata: {"seq":4}\n\n: keep\n\nid: 5\nda');
    expect(first.events).toEqual([{ id: '4', data: '{"seq":4}' }]);
    expect(parseStream(`${first.rest}ta: {}\n\n`).events).toEqual([{ id: '5', data: '{}' }]);
  });
  it('takes no call that the document does not know', () => {
    // Never run: the compiler is the test. Each line would be an error if it were accepted.
    const path = { order: '1' };
    const refused = () => [
      // @ts-expect-error there is no such route
      call('get', '/nowhere'),
      // @ts-expect-error the route answers another method
      call('get', '/admin/prove'),
      // @ts-expect-error the order is not named
      call('get', '/orders/{order}', {}),
      // @ts-expect-error money moves under a key only
      call('post', '/wallet/withdrawals', { body: { amount: { minor: '1', currency: 'USD' } } }),
      // @ts-expect-error minor units are text
      call('post', '/wallet/withdrawals', { body: { amount: { minor: 1, currency: 'USD' } }, key: 'one' }),
      // @ts-expect-error the step takes other parameters
      call('post', '/orders/{order}/previews', { path, body: { name: 'stage.fund', params: {} } }),
    ];
    expect(refused).toBeTypeOf('function');
  });
});
