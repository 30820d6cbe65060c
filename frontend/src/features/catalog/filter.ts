/** What narrows a search, as it stands in the address. */
export interface ProductSearch {
  q?: string;
  supplier?: string;
  quantity?: string;
  view?: 'table';
  sort?: Sort;
  category?: string;
  country?: string;
  verified?: string;
  incoterm?: string;
  currency?: string;
  lead?: string;
  min?: string;
  max?: string;
  moq?: string;
  /** Products to compare. */
  compare?: string;
}

export const SORTS = ['relevance', 'price', 'price_down', 'lead', 'moq'] as const;
export type Sort = (typeof SORTS)[number];

export const FACETS = ['category', 'country', 'verified', 'incoterm', 'lead', 'currency'] as const;
export type FacetName = (typeof FACETS)[number];

/** Products in the tray at most. */
export const COMPARED_MAX = 4;

/** The values of a list in the address. */
export const listed = (text: string | undefined): string[] => text?.split(',').filter(Boolean) ?? [];

/** The list with a value taken in or out; nothing when it is empty then. */
export function toggled(text: string | undefined, value: string): string | undefined {
  const values = listed(text);
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return next.length ? next.join(',') : undefined;
}

/** A decimal number as the server reads it, or nothing while it is none. */
const decimal = (text: string | undefined) =>
  text && /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? text.trim() : undefined;

/** The address as the server's query: numbers that are not finished yet are left out. */
export function asked(search: ProductSearch) {
  const { q, supplier, category, country, verified, incoterm, currency, lead, sort } = search;
  return {
    q,
    supplier,
    category,
    country,
    verified,
    incoterm,
    currency,
    lead,
    sort,
    quantity: decimal(search.quantity),
    price_min: decimal(search.min),
    price_max: decimal(search.max),
    moq_max: decimal(search.moq),
  };
}

/** How many things narrow the search besides its words. */
export const narrowed = (search: ProductSearch): number =>
  FACETS.reduce((sum, name) => sum + listed(search[name]).length, 0) +
  [search.min, search.max, search.moq].filter(Boolean).length;
