import { describe, expect, it } from 'vitest';
import { entryOf } from '../app/nav';

describe('the entry of the navigation a path belongs to', () => {
  it('keeps an order under orders and a new one under its own entry', () => {
    expect(entryOf('/orders')).toBe('/orders');
    expect(entryOf('/orders/019a')).toBe('/orders');
    expect(entryOf('/orders/019a/terms')).toBe('/orders');
    expect(entryOf('/orders/new')).toBe('/orders/new');
  });
  it('keeps products and suppliers under products', () => {
    expect(entryOf('/products/019a')).toBe('/products');
    expect(entryOf('/companies/019a')).toBe('/products');
  });
  it('marks nothing for a path of no entry', () => {
    expect(entryOf('/sign-in')).toBeUndefined();
    expect(entryOf('/ordersome')).toBeUndefined();
  });
});
