import type { OrderTerms } from '../../api/types';
import { lineValue, parsePrice, parseQuantity } from '../../lib/ladder';
import { limitOf } from '../../lib/quality';
import { totalsOf } from '../../lib/terms';

/** How the reader's language sets words, amounts and days. */
export interface Say {
  t: (key: string, params?: Record<string, unknown>) => string;
  money: (minor: bigint, currency: string) => string;
  price: (text: string, currency: string) => string;
  quantity: (text: string, unit: string) => string;
  day: (day: string) => string;
}

/** One field of the terms, named and written for people. */
export interface Field {
  id: string;
  label: string;
  text: string;
}
export interface Difference {
  id: string;
  label: string;
  from: string | null;
  to: string | null;
}

const joined = (...parts: string[]) =>
  parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join(', ');

function goods(terms: OrderTerms, { t, ...say }: Say): Field[] {
  return terms.lines.flatMap((line, i) => {
    const of = (part: string, label: string, text: string): Field => ({
      id: `line.${i}.${part}`,
      label: t('versions.line', { no: i + 1, field: label }),
      text,
    });
    const value = lineValue(parseQuantity(line.quantity) ?? 0n, parsePrice(line.unit_price), terms.currency);
    return [
      of(
        'title',
        t('draft.goods'),
        joined(line.title, line.sku, line.hs_code, line.from_stock ? t('stock.fromReady') : ''),
      ),
      of('quantity', t('products.quantity'), say.quantity(line.quantity, line.unit)),
      of('price', t('product.unitPrice'), say.price(line.unit_price, terms.currency)),
      of('value', t('draft.value'), say.money(value, terms.currency)),
    ];
  });
}

function payment(terms: OrderTerms, { t, money }: Say): Field[] {
  const stages = terms.stages.map(
    (stage, i): Field => ({
      id: `stage.${i}`,
      label: t('draft.stageNo', { no: i + 1 }),
      text: joined(
        t(`stage.${stage.kind}`),
        `${stage.share_bps / 100} %`,
        t(`trigger.${stage.trigger}`),
        stage.shipment === null ? '' : t('versions.shipment', { no: stage.shipment }),
      ),
    }),
  );
  const amounts = (['freight_minor', 'discount_minor', 'tax_minor'] as const).map(
    (part): Field => ({
      id: part,
      label: t(`draft.${part}`),
      text: money(BigInt(terms[part]), terms.currency),
    }),
  );
  const total = { id: 'total', label: t('money.total'), text: money(totalsOf(terms).total, terms.currency) };
  return [...amounts, total, ...stages];
}

function delivery(terms: OrderTerms, { t, day, quantity }: Say): Field[] {
  const { name, street, postcode, city, region, country } = terms.delivery_address;
  const reach = (side: 'buyer_contact' | 'seller_contact'): Field => ({
    id: side,
    label: t(`draft.${side}`),
    text: joined(terms[side].name, terms[side].email, terms[side].phone),
  });
  const shipments = terms.shipments.flatMap((shipment, i): Field[] => [
    {
      id: `shipment.${i}.day`,
      label: t('amend.ship_by', { no: i + 1 }),
      text: day(shipment.ship_by),
    },
    {
      id: `shipment.${i}.quantities`,
      label: t('versions.carries', { no: i + 1 }),
      text: terms.lines
        .map((line, j) => `${j + 1}: ${quantity(shipment.quantities[j] ?? '0', line.unit)}`)
        .join(' · '),
    },
  ]);
  return [
    { id: 'incoterm', label: t('product.incoterm'), text: `${terms.incoterm.code} ${terms.incoterm.place}` },
    { id: 'consignee', label: t('draft.consignee'), text: terms.consignee },
    {
      id: 'address',
      label: t('draft.address'),
      text: joined(name, street, `${postcode} ${city}`, region, country),
    },
    { id: 'po', label: t('draft.po'), text: terms.po_number ?? '' },
    reach('buyer_contact'),
    reach('seller_contact'),
    ...shipments,
  ];
}

function quality(terms: OrderTerms, { t }: Say): Field[] {
  const points = terms.quality_points.map(
    (point, i): Field => ({
      id: `point.${i}`,
      label: t('quality.no', { no: i + 1 }),
      text: typeof point === 'string' ? point : joined(point.point, limitOf(point), point.method),
    }),
  );
  const days = (['deposit_days', 'acceptance_days', 'claim_window_days'] as const).map(
    (part): Field => ({ id: part, label: t(`draft.${part}`), text: String(terms[part]) }),
  );
  const aql = terms.aql ? t('quality.aqlText', { ...terms.aql }) : '';
  return [
    ...points,
    { id: 'aql', label: t('quality.sampling'), text: aql },
    ...days,
    { id: 'notes', label: t('draft.notes'), text: terms.notes },
  ];
}

/** Every field of the terms, in the order of the contract. */
export const fieldsOf = (terms: OrderTerms, say: Say): Field[] => [
  ...goods(terms, say),
  ...payment(terms, say),
  ...delivery(terms, say),
  ...quality(terms, say),
];

/** The fields that two versions do not agree on; `null` where one of them has no such field. */
export function differences(before: OrderTerms, after: OrderTerms, say: Say): Difference[] {
  const old = new Map(fieldsOf(before, say).map((field) => [field.id, field]));
  const found = fieldsOf(after, say).flatMap((field): Difference[] => {
    const from = old.get(field.id)?.text ?? null;
    old.delete(field.id);
    return from === field.text ? [] : [{ id: field.id, label: field.label, from, to: field.text }];
  });
  const gone = [...old.values()].map(
    ({ id, label, text }): Difference => ({ id, label, from: text, to: null }),
  );
  return [...found, ...gone];
}
