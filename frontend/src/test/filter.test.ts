import { describe, expect, it } from 'vitest';
import { asked, finished, listed, narrowed, toggled } from '../features/catalog/filter';
import { boundsOf, valuesOf, withBounds, withValue } from '../features/catalog/property';
import { addressOf } from '../lib/search-terms';

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
    expect(narrowed({ category: 'textiles', property: 'weave:woven,width_cm:..160', onTime: '95' })).toBe(4);
  });
  it('holds properties of the one chosen category', () => {
    const woven = withValue(undefined, 'weave', 'woven');
    const both = withValue(woven, 'weave', 'knitted');
    expect(both).toBe('weave:woven,weave:knitted');
    expect(valuesOf(both, 'weave')).toEqual(['woven', 'knitted']);
    expect(withValue(withValue(both, 'weave', 'woven'), 'weave', 'knitted')).toBeUndefined();
    const bounded = withBounds(woven, 'width_cm', { from: '150', to: '' });
    expect(bounded).toBe('weave:woven,width_cm:150..');
    expect(boundsOf(bounded, 'width_cm')).toEqual({ from: '150', to: '' });
    expect(boundsOf(undefined, 'width_cm')).toEqual({ from: '', to: '' });
    expect(withBounds(bounded, 'width_cm', { from: '', to: '' })).toBe('weave:woven');
  });
  it('keeps unfinished bounds and properties of several categories from the server', () => {
    expect(finished('weave:woven,width_cm:1..,load_kg:x..,power:5..y')).toBe(
      'weave:woven,width_cm:1..,power:5..',
    );
    expect(finished('width_cm:-..')).toBeUndefined();
    expect(asked({ category: 'textiles', property: 'weave:woven', onTime: '90' })).toMatchObject({
      property: 'weave:woven',
      on_time: '90',
    });
    expect(asked({ category: 'textiles,toys', property: 'weave:woven' }).property).toBeUndefined();
  });
  it('is what a saved search is opened with', () => {
    const search = { category: 'textiles', property: 'weave:woven', onTime: '95' } as const;
    expect(addressOf(asked(search))).toMatchObject(search);
  });
});
