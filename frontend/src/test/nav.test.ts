import { describe, expect, it } from 'vitest';
import type { Seat } from '../api/types';
import { entryOf, NAV } from '../app/nav';
import { SEATS } from './mock/fixtures';

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
  it('keeps what a seller does with a listing under its own products', () => {
    expect(entryOf('/own-stock/019a')).toBe('/own-products');
    expect(entryOf('/products/new')).toBe('/own-products');
    expect(entryOf('/products/019a/edit')).toBe('/own-products');
    expect(entryOf('/products/019a/history')).toBe('/own-products');
  });
  it('marks nothing for a path of no entry', () => {
    expect(entryOf('/sign-in')).toBeUndefined();
    expect(entryOf('/ordersome')).toBeUndefined();
  });
});

describe('where a seat may go', () => {
  const entries = (role: 'admin' | 'credit_admin' | 'support') =>
    NAV.filter((entry) => entry.show({ ...SEATS.admin, role } as Seat)).map((entry) => entry.to);
  it('shows a credit admin the books and the trail, and neither clock, users, mails nor reported inquiries', () => {
    expect(entries('credit_admin')).toEqual(entries('support').filter((to) => to !== '/inquiries'));
    expect(entries('support')).toContain('/inquiries');
    expect(entries('credit_admin')).toContain('/admin/books');
    expect(entries('credit_admin')).not.toContain('/market');
    expect(entries('admin')).toContain('/admin/users');
  });
});
