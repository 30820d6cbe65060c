import type { SearchTerms } from '../api/types';

const ORDERS = ['price', 'price_down', 'lead', 'moq'] as const;

/** What is looked for, as the address of the search screen names it. */
export function addressOf(terms: SearchTerms) {
  const said = (value: string | null | undefined) => value ?? undefined;
  return {
    q: said(terms.q),
    supplier: said(terms.supplier),
    category: said(terms.category),
    country: said(terms.country),
    verified: said(terms.verified),
    incoterm: said(terms.incoterm),
    currency: said(terms.currency),
    lead: said(terms.lead),
    property: said(terms.property),
    onTime: said(terms.on_time),
    quantity: said(terms.quantity),
    moq: said(terms.moq_max),
    min: said(terms.price_min),
    max: said(terms.price_max),
    sort: ORDERS.find((known) => known === terms.sort),
  };
}
