import { describe, expect, it } from 'vitest';
import type { OrderTerms } from '../api/types';
import { amended, amendmentOf, changesOf } from '../features/cockpit/amendment';
import { emptyTerms } from '../features/draft/model';

const now: OrderTerms = {
  ...emptyTerms(),
  lines: [
    {
      product: null,
      sku: 'A',
      title: 'Bolts',
      hs_code: '',
      unit: 'pcs',
      quantity: '100',
      unit_price: '1.50',
    },
    { product: null, sku: 'B', title: 'Nuts', hs_code: '', unit: 'kg', quantity: '20', unit_price: '3' },
  ],
  shipments: [
    { ship_by: '2026-03-01', quantities: ['60', '20'] },
    { ship_by: '2026-03-20', quantities: ['40', '0'] },
  ],
  consignee: 'Dock 4',
};
const line = (at: number, part: Partial<OrderTerms['lines'][number]>) =>
  now.lines.map((l, i) => (i === at ? { ...l, ...part } : l));

describe('an amendment', () => {
  it('is empty when nothing reads otherwise', () => {
    const same = { ...now, lines: line(0, { quantity: '100.0', unit_price: '1.5' }), po_number: '' };
    expect(amendmentOf(now, same)).toEqual({});
    expect(changesOf(now, {})).toEqual([]);
  });
  it('names exactly what changed, and nothing else', () => {
    const next: OrderTerms = {
      ...now,
      lines: line(1, { quantity: '25', unit_price: '2.75' }),
      shipments: [
        { ship_by: '2026-03-01', quantities: ['60', '25'] },
        { ship_by: '2026-04-02', quantities: ['40', '0'] },
      ],
      notes: 'Palletised',
      po_number: 'PO-9',
    };
    expect(amendmentOf(now, next)).toEqual({
      lines: [{ line: 2, quantity: '25', unit_price: '2.75' }],
      shipments: [
        { shipment: 1, quantities: ['60', '25'] },
        { shipment: 2, ship_by: '2026-04-02' },
      ],
      notes: 'Palletised',
      po_number: 'PO-9',
    });
  });
  it('makes of the old terms the new ones', () => {
    const next: OrderTerms = {
      ...now,
      lines: line(0, { title: 'Hex bolts', quantity: '90' }),
      shipments: [
        { ship_by: '2026-03-01', quantities: ['50', '20'] },
        { ship_by: '2026-03-20', quantities: ['40', '0'] },
      ],
      delivery_address: { ...now.delivery_address, city: 'Bremen' },
      seller_contact: { name: 'Li', email: '', phone: '' },
    };
    expect(amended(now, amendmentOf(now, next))).toEqual(next);
  });
  it('shows the old beside the new', () => {
    const changes = changesOf(now, {
      lines: [{ line: 1, unit_price: '1.4' }],
      shipments: [{ shipment: 2, ship_by: '2026-04-02' }],
      consignee: 'Dock 5',
    });
    expect(changes.map(({ what, no, goods, from, to }) => [what, no, goods, from, to])).toEqual([
      ['unit_price', undefined, 'Bolts', '1.50', '1.4'],
      ['ship_by', 2, undefined, '2026-03-20', '2026-04-02'],
      ['consignee', undefined, undefined, 'Dock 4', 'Dock 5'],
    ]);
  });
});
