import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, untold } from '../api/client';
import { decided, shapeOf } from '../api/intent';
import { drop, dropAll, keep, kept } from '../lib/kept';

/** What a browser's store does, with its names as own keys. */
function store(): Storage {
  const methods = {
    getItem: (name: string) => (Object.hasOwn(held, name) ? String(held[name]) : null),
    setItem: (name: string, value: string) => {
      held[name] = value;
    },
    removeItem: (name: string) => {
      delete held[name];
    },
  };
  const held: Record<string, unknown> = Object.create(methods);
  return held as unknown as Storage;
}

describe('what a tab keeps', () => {
  beforeEach(() => vi.stubGlobal('sessionStorage', store()));
  afterEach(() => vi.unstubAllGlobals());

  it('belongs to the seat that left it', () => {
    keep('anna', 'wallet', { minor: '500' });
    expect(kept('anna', 'wallet')).toEqual({ minor: '500' });
    expect(kept('bert', 'wallet')).toBeNull();
    drop('anna', 'wallet');
    expect(kept('anna', 'wallet')).toBeNull();
  });
  it('goes at sign-out, and nothing else with it', () => {
    keep('anna', 'wallet', 1);
    keep('bert', 'talk', 2);
    sessionStorage.setItem('other', 'stays');
    dropAll();
    expect([kept('anna', 'wallet'), kept('bert', 'talk')]).toEqual([null, null]);
    expect(sessionStorage.getItem('other')).toBe('stays');
  });
  it('is nothing where the store is closed or its text is broken', () => {
    sessionStorage.setItem('entrepot-kept/anna/wallet', '{');
    expect(kept('anna', 'wallet')).toBeNull();
    vi.stubGlobal('sessionStorage', undefined);
    expect(() => keep('anna', 'wallet', 1)).not.toThrow();
    expect(() => dropAll()).not.toThrow();
    expect(kept('anna', 'wallet')).toBeNull();
  });
});

describe('an intent', () => {
  const refusal = (status: number, code = 'x') => new ApiProblem(untold('', status, code));

  it('ends with a decision of the server only', () => {
    for (const fault of [refusal(400), refusal(403), refusal(409), refusal(422)])
      expect(decided(fault)).toBe(true);
    const open = [
      refusal(0),
      refusal(401),
      refusal(408),
      refusal(429),
      refusal(500),
      refusal(503),
      refusal(409, 'idempotency.in_flight'),
      new Error('lost'),
    ];
    for (const fault of open) expect(decided(fault)).toBe(false);
  });
  it('knows one file from another', () => {
    const file = (name: string, text: string) => new File([text], name, { lastModified: 7 });
    expect(shapeOf(file('a.csv', 'x'))).toBe(shapeOf(file('a.csv', 'y')));
    expect(shapeOf(file('a.csv', 'x'))).not.toBe(shapeOf(file('b.csv', 'x')));
    expect(shapeOf(file('a.csv', 'x'))).not.toBe(shapeOf(file('a.csv', 'xx')));
    expect(shapeOf({ amount: '1' })).not.toBe(shapeOf({ amount: '2' }));
  });
});
