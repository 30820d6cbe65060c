import type { Address, Contact, OrderTerms } from '../../api/types';
import { parsePrice, parseQuantity, priceText, quantityText } from '../../lib/ladder';

/** Changes to agreed terms as the API takes them; what is absent stays. */
export interface Amendment {
  shipments?: { shipment: number; ship_by?: string; quantities?: string[] }[];
  lines?: { line: number; title?: string; quantity?: string; unit_price?: string }[];
  notes?: string;
  delivery_address?: Address;
  consignee?: string;
  buyer_contact?: Contact;
  seller_contact?: Contact;
  po_number?: string;
}

/** One line of the comparison; `what` is a translation key below `amend.`. */
export interface Change {
  what: string;
  kind: 'text' | 'date' | 'quantity' | 'price';
  /** Number of the shipment, and title and unit of the goods it is about. */
  no?: number;
  goods?: string;
  unit?: string;
  from: string;
  to: string;
}

const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);
const sameQuantity = (a: string, b: string) => (parseQuantity(a) ?? 0n) === (parseQuantity(b) ?? 0n);
const wholeQuantity = (text: string) => quantityText(parseQuantity(text) ?? 0n);
const drop = <T extends object>(part: T): T =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as T;

function lineChanges(now: OrderTerms, next: OrderTerms): Amendment['lines'] {
  const changes = now.lines.flatMap((line, i) => {
    const to = next.lines[i];
    if (!to) return [];
    const price = parsePrice(to.unit_price);
    const change = drop({
      title: to.title === line.title ? undefined : to.title,
      quantity: sameQuantity(to.quantity, line.quantity) ? undefined : wholeQuantity(to.quantity),
      unit_price: price === parsePrice(line.unit_price) ? undefined : priceText(price, now.currency),
    });
    return Object.keys(change).length > 0 ? [{ line: i + 1, ...change }] : [];
  });
  return changes.length > 0 ? changes : undefined;
}

function shipmentChanges(now: OrderTerms, next: OrderTerms): Amendment['shipments'] {
  const changes = now.shipments.flatMap((shipment, i) => {
    const to = next.shipments[i];
    if (!to) return [];
    const moved = shipment.quantities.some((quantity, j) => !sameQuantity(quantity, to.quantities[j] ?? '0'));
    const change = drop({
      ship_by: to.ship_by === shipment.ship_by ? undefined : to.ship_by,
      quantities: moved ? to.quantities.map(wholeQuantity) : undefined,
    });
    return Object.keys(change).length > 0 ? [{ shipment: i + 1, ...change }] : [];
  });
  return changes.length > 0 ? changes : undefined;
}

/** What has to be proposed to come from one set of terms to the other. */
export function amendmentOf(now: OrderTerms, next: OrderTerms): Amendment {
  const text = (part: 'notes' | 'consignee') => (next[part] === now[part] ? undefined : next[part]);
  const party = (part: 'buyer_contact' | 'seller_contact') =>
    same(next[part], now[part]) ? undefined : next[part];
  return drop({
    lines: lineChanges(now, next),
    shipments: shipmentChanges(now, next),
    notes: text('notes'),
    delivery_address: same(next.delivery_address, now.delivery_address) ? undefined : next.delivery_address,
    consignee: text('consignee'),
    buyer_contact: party('buyer_contact'),
    seller_contact: party('seller_contact'),
    po_number: (next.po_number ?? '') === (now.po_number ?? '') ? undefined : (next.po_number ?? ''),
  });
}

/** The terms as they would stand. */
export function amended(terms: OrderTerms, amendment: Amendment): OrderTerms {
  const { lines, shipments, ...rest } = amendment;
  return {
    ...terms,
    ...rest,
    lines: terms.lines.map((line, i) => {
      const { line: _, ...change } = lines?.find((l) => l.line === i + 1) ?? { line: 0 };
      return { ...line, ...drop(change) };
    }),
    shipments: terms.shipments.map((shipment, i) => {
      const { shipment: _, ...change } = shipments?.find((s) => s.shipment === i + 1) ?? { shipment: 0 };
      return { ...shipment, ...drop(change) };
    }),
  };
}

const lineOf = (address: Address) =>
  [address.name, address.street, `${address.postcode} ${address.city}`, address.region, address.country]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(', ');
const reach = (contact: Contact) => [contact.name, contact.email, contact.phone].filter(Boolean).join(', ');

function goodsChanges(now: OrderTerms, next: OrderTerms): Change[] {
  return now.lines.flatMap((line, i): Change[] => {
    const to = next.lines[i] ?? line;
    const of = { goods: line.title, unit: line.unit };
    return [
      { what: 'title', kind: 'text', ...of, from: line.title, to: to.title },
      { what: 'quantity', kind: 'quantity', ...of, from: line.quantity, to: to.quantity },
      { what: 'unit_price', kind: 'price', ...of, from: line.unit_price, to: to.unit_price },
    ];
  });
}

/** Everything that would read otherwise, old beside new. */
export function changesOf(now: OrderTerms, amendment: Amendment): Change[] {
  const next = amended(now, amendment);
  const shipments = now.shipments.flatMap((shipment, i): Change[] => {
    const to = next.shipments[i] ?? shipment;
    const parts = now.lines.map(
      (line, j): Change => ({
        what: 'shipmentQuantity',
        kind: 'quantity',
        no: i + 1,
        goods: line.title,
        unit: line.unit,
        from: shipment.quantities[j] ?? '0',
        to: to.quantities[j] ?? '0',
      }),
    );
    const date: Change = { what: 'ship_by', kind: 'date', no: i + 1, from: shipment.ship_by, to: to.ship_by };
    // A single shipment carries what the lines say; telling it twice tells nothing.
    return now.shipments.length > 1 ? [date, ...parts] : [date];
  });
  const rest: Change[] = [
    { what: 'consignee', kind: 'text', from: now.consignee, to: next.consignee },
    {
      what: 'delivery_address',
      kind: 'text',
      from: lineOf(now.delivery_address),
      to: lineOf(next.delivery_address),
    },
    { what: 'buyer_contact', kind: 'text', from: reach(now.buyer_contact), to: reach(next.buyer_contact) },
    { what: 'seller_contact', kind: 'text', from: reach(now.seller_contact), to: reach(next.seller_contact) },
    { what: 'po_number', kind: 'text', from: now.po_number ?? '', to: next.po_number ?? '' },
    { what: 'notes', kind: 'text', from: now.notes, to: next.notes },
  ];
  const differs = (c: Change) =>
    c.kind === 'quantity'
      ? !sameQuantity(c.from, c.to)
      : c.kind === 'price'
        ? parsePrice(c.from) !== parsePrice(c.to)
        : c.from !== c.to;
  return [...goodsChanges(now, next), ...shipments, ...rest].filter(differs);
}
