import type { Contact, OrderTerms, Product, TermsStage } from '../../api/types';
import { ladderOf, parsePrice, parseQuantity, priceText, quantityText, rungFor } from '../../lib/ladder';
import { WHOLE_BPS } from '../../lib/split';

const contact: Contact = { name: '', email: '', phone: '' };

export const PRESETS: Record<'split' | 'before' | 'retention', TermsStage[]> = {
  split: [
    { kind: 'deposit', trigger: 'agreed', share_bps: 3000, shipment: null },
    { kind: 'balance', trigger: 'before_dispatch', share_bps: 7000, shipment: null },
  ],
  before: [{ kind: 'balance', trigger: 'before_dispatch', share_bps: WHOLE_BPS, shipment: null }],
  retention: [
    { kind: 'deposit', trigger: 'agreed', share_bps: 3000, shipment: null },
    { kind: 'balance', trigger: 'before_dispatch', share_bps: 6000, shipment: null },
    { kind: 'retention', trigger: 'delivered', share_bps: 1000, shipment: null },
  ],
};

export function emptyTerms(): OrderTerms {
  return {
    buyer: '',
    seller: '',
    currency: 'USD',
    lines: [],
    freight_minor: '0',
    discount_minor: '0',
    tax_minor: '0',
    incoterm: { code: 'FOB', place: '' },
    delivery_address: { name: '', street: '', city: '', region: '', postcode: '', country: '' },
    consignee: '',
    buyer_contact: contact,
    seller_contact: contact,
    po_number: null,
    stages: PRESETS.split,
    shipments: [{ ship_by: '', quantities: [] }],
    acceptance_days: 15,
    claim_window_days: 30,
    deposit_days: 10,
    quality_points: [],
    notes: '',
  };
}

/** Adds a product as a line, priced by its ladder; the first shipment takes its whole quantity. */
export function withProduct(terms: OrderTerms, product: Product, quantity: string): OrderTerms {
  const amount = parseQuantity(quantity) ?? parseQuantity(String(product.moq)) ?? 1000n;
  const ladder = ladderOf(product.ladder);
  const micros = (rungFor(ladder, amount) ?? ladder[0])?.micros ?? parsePrice(product.price_to);
  const line = {
    product: product.id,
    sku: product.sku,
    title: product.title,
    hs_code: product.hs_code,
    unit: product.unit,
    quantity: quantityText(amount),
    unit_price: priceText(micros, product.currency),
  };
  return {
    ...terms,
    currency: product.currency,
    seller: product.supplier.id,
    incoterm: terms.incoterm.place ? terms.incoterm : product.incoterm,
    lines: [...terms.lines, line],
    shipments: terms.shipments.map((shipment, i) => ({
      ...shipment,
      quantities: [...shipment.quantities, i === 0 ? line.quantity : '0'],
    })),
  };
}

/** An order of one sample at the price the listing names, paid before it is sent. */
export function withSample(terms: OrderTerms, product: Product, note: string): OrderTerms {
  const { sample } = product;
  if (!sample) return terms;
  const ordered = withProduct(
    { ...terms, lines: [], shipments: [{ ship_by: '', quantities: [] }] },
    product,
    '1',
  );
  return {
    ...ordered,
    lines: ordered.lines.map((line) => ({ ...line, unit_price: sample.unit_price })),
    stages: PRESETS.before,
    notes: note,
  };
}

const KEPT = 'entrepot-draft';

export function keepDraft(name: string, terms: OrderTerms): void {
  localStorage.setItem(`${KEPT}-${name}`, JSON.stringify(terms));
}
export function keptDraft(name: string): OrderTerms | null {
  try {
    return JSON.parse(localStorage.getItem(`${KEPT}-${name}`) ?? 'null') as OrderTerms | null;
  } catch {
    return null;
  }
}
export function dropDraft(name: string): void {
  localStorage.removeItem(`${KEPT}-${name}`);
}
