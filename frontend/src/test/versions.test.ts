import { describe, expect, it } from 'vitest';
import type { OrderTerms } from '../api/types';
import { differences, fieldsOf, type Say } from '../features/cockpit/version-fields';
import { bounded, emptyPoint, isMeasured, limitOf, measurable } from '../lib/quality';
import { terms } from './mock/fixtures';

const say: Say = {
  t: (key, params) => (params ? `${key} ${Object.values(params).join(' ')}` : key),
  money: (minor, currency) => `${currency} ${minor}`,
  price: (text) => text,
  quantity: (text, unit) => `${text} ${unit}`,
  day: (day) => day,
};

describe('two versions of the terms', () => {
  it('are equal to themselves', () => {
    expect(differences(terms, structuredClone(terms), say)).toEqual([]);
  });
  it('differ in every field somebody can change', () => {
    const names = fieldsOf(terms, say).map((field) => field.id);
    expect(new Set(names).size).toBe(names.length);
    const line = terms.lines[0] as OrderTerms['lines'][number];
    const spoilt: [string, Partial<OrderTerms>][] = [
      ['line.0.price', { lines: [{ ...line, unit_price: '0.09' }] }],
      ['line.0.title', { lines: [{ ...line, sku: 'OTHER' }] }],
      ['discount_minor', { discount_minor: '1' }],
      ['incoterm', { incoterm: { code: 'CIF', place: 'Hamburg' } }],
      ['address', { delivery_address: { ...terms.delivery_address, city: 'Bremen' } }],
      ['seller_contact', { seller_contact: { name: 'B', email: '', phone: '' } }],
      ['stage.1', { stages: terms.stages.map((s) => ({ ...s, share_bps: 5000 })) }],
      ['shipment.0.day', { shipments: terms.shipments.map((s) => ({ ...s, ship_by: '2026-04-01' })) }],
      ['acceptance_days', { acceptance_days: 20 }],
      ['point.1', { quality_points: terms.quality_points.slice(0, 1) }],
      ['aql', { aql: { level: 'III', critical: '0', major: '1', minor: '1' } }],
      ['notes', { notes: 'By sea' }],
    ];
    for (const [id, change] of spoilt) {
      const found = differences(terms, { ...terms, ...change }, say).map((difference) => difference.id);
      expect(found, id).toContain(id);
    }
  });
  it('name what only one of them has', () => {
    const more = { ...terms, quality_points: [...terms.quality_points, 'as sample'] };
    expect(differences(terms, more, say)).toMatchObject([{ id: 'point.2', from: null, to: 'as sample' }]);
    expect(differences(more, terms, say)).toMatchObject([{ id: 'point.2', from: 'as sample', to: null }]);
  });
});

describe('a quality point', () => {
  const point = { ...emptyPoint(), point: 'Weight', value: '12', unit: 'g', method: 'Scale' };
  it('is measured with name, number and method, and a tolerance where it has a range', () => {
    expect(isMeasured(point)).toBe(true);
    expect(isMeasured({ ...point, value: 'light' })).toBe(false);
    expect(isMeasured({ ...point, method: ' ' })).toBe(false);
    const range = bounded(point, 'within');
    expect(isMeasured(range)).toBe(false);
    expect(isMeasured({ ...range, tolerance: '0.5' })).toBe(true);
    expect(bounded({ ...range, tolerance: '0.5' }, 'at_most')).not.toHaveProperty('tolerance');
    expect(measurable([])).toBe(false);
    expect(measurable([point, 'good'])).toBe(false);
  });
  it('is written as on a drawing', () => {
    expect(limitOf(point)).toBe('≥ 12 g');
    expect(limitOf({ ...bounded(point, 'within'), tolerance: '0.5' })).toBe('12 ± 0.5 g');
  });
});
