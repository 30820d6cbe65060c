import type { Address, Company, Contact, OrderTerms } from '../../api/types';

/** What earlier orders and the register say about the parties. */
export interface Habits {
  /** The buyer's last order, with whomever. */
  bought?: OrderTerms | undefined;
  /** The last order between these two. */
  between?: OrderTerms | undefined;
  /** The buyer as registered. */
  buyer?: Company | undefined;
}

const blank = (part: Address | Contact) => Object.values(part).every((text) => text === '');

/** The empty place takes the first source that has something to say. */
function first<T extends Address | Contact>(now: T, ...sources: (T | undefined)[]): T {
  return blank(now) ? (sources.find((source) => source && !blank(source)) ?? now) : now;
}

function registered(buyer: Company | undefined): Address | undefined {
  return (
    buyer && {
      name: buyer.name,
      street: '',
      city: buyer.city,
      region: '',
      postcode: '',
      country: buyer.country,
    }
  );
}

/** Fills what nobody has written yet; what was typed stays. */
export function withHabits(terms: OrderTerms, { bought, between, buyer }: Habits): OrderTerms {
  const own = bought?.buyer === terms.buyer ? bought : undefined;
  const pair = between?.buyer === terms.buyer && between.seller === terms.seller ? between : undefined;
  const phone = pair?.buyer_contact.phone ?? own?.buyer_contact.phone ?? '';
  const contact = first(terms.buyer_contact, pair?.buyer_contact, own?.buyer_contact);
  return {
    ...terms,
    delivery_address: first(
      terms.delivery_address,
      pair?.delivery_address,
      own?.delivery_address,
      registered(buyer),
    ),
    consignee: terms.consignee || pair?.consignee || own?.consignee || buyer?.name || '',
    buyer_contact: contact.phone ? contact : { ...contact, phone },
    seller_contact: first(terms.seller_contact, pair?.seller_contact),
    quality_points:
      terms.quality_points.length > 0
        ? terms.quality_points
        : (pair?.quality_points.filter((point) => typeof point !== 'string') ?? []),
  };
}
