import type { Company, Contact, OrderTerms, PricedLine, QuickGroup } from '../../api/types';
import { dateAfter } from '../../lib/dates';
import { withHabits } from './habits';
import { emptyTerms } from './model';

/** Days from the deposit to dispatch beyond the longest lead time. */
const MARGIN_DAYS = 14;

/** What is known of the buyer besides the lines. */
export interface Buyer {
  company: Company;
  contact: Contact;
  /** The buyer's last order, with whomever. */
  bought: OrderTerms | undefined;
  /** The market's time. */
  now: string;
}

/** The terms of one drafted order: the priced lines in one shipment, the rest as the buyer usually writes it. */
export function quickTerms(lines: PricedLine[], group: QuickGroup, buyer: Buyer): OrderTerms {
  const known = lines.flatMap((line) =>
    line.product && line.unit_price
      ? [{ product: line.product, quantity: line.quantity, price: line.unit_price }]
      : [],
  );
  const lead = Math.max(0, ...known.map((line) => line.product.lead_days));
  const terms: OrderTerms = {
    ...emptyTerms(),
    buyer: buyer.company.id,
    seller: group.supplier.id,
    buyer_contact: buyer.contact,
    currency: group.total.currency,
    incoterm: group.incoterm,
    lines: known.map(({ product, quantity, price }) => ({
      product: product.id,
      sku: product.sku,
      title: product.title,
      hs_code: product.hs_code,
      unit: product.unit,
      quantity,
      unit_price: price,
    })),
    shipments: [
      { ship_by: dateAfter(buyer.now, lead + MARGIN_DAYS), quantities: known.map((line) => line.quantity) },
    ],
  };
  return withHabits(terms, { bought: buyer.bought, between: undefined, buyer: buyer.company });
}
