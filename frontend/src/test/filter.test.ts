import { describe, expect, it } from 'vitest';
import { asked, listed, narrowed, toggled } from '../features/catalog/filter';

describe('the address of a search', () => {
  it('takes values in and out of a list', () => {
    expect(toggled(undefined, 'CN')).toBe('CN');
    expect(toggled('CN', 'DE')).toBe('CN,DE');
    expect(toggled('CN,DE', 'CN')).toBe('DE');
    expect(toggled('CN', 'CN')).toBeUndefined();
    expect(listed(',CN,,')).toEqual(['CN']);
  });
  it('keeps unfinished numbers from the server', () => {
    for (const unfinished of ['', '1.', '-', '1e3', 'many', '1.1234567'])
      expect(asked({ quantity: unfinished, min: unfinished }).quantity).toBeUndefined();
    expect(asked({ quantity: ' 500 ', max: '0.0035' })).toMatchObject({
      quantity: '500',
      price_max: '0.0035',
    });
  });
  it('counts what narrows it', () => {
    expect(narrowed({ q: 'bolt', quantity: '5', view: 'table' })).toBe(0);
    expect(narrowed({ country: 'CN,DE', lead: '7', max: '3' })).toBe(4);
  });
});
