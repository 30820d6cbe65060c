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
  /** Properties of the one chosen category. */
  property?: string;
  /** Least share of shipments in time, in per cent. */
  onTime?: string;
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

/** The values as the address has them; nothing when there are none. */
export const joined = (values: string[]): string | undefined =>
  values.length ? values.join(',') : undefined;

/** The list with a value taken in or out. */
export function toggled(text: string | undefined, value: string): string | undefined {
  const values = listed(text);
  return joined(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
}

/** A decimal number as the server reads it, or nothing while it is none. */
const decimal = (text: string | undefined) =>
  text && /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? text.trim() : undefined;

/** Properties as the server reads them: numbers that are not finished yet are left out. */
export function finished(property: string | undefined): string | undefined {
  const number = /^-?\d{1,9}(\.\d{1,6})?$/;
  const whole = (one: string): string[] => {
    const [key = '', value = ''] = one.split(':');
    if (!value.includes('..')) return value ? [one] : [];
    const [from, to] = value.split('..').map((end) => (number.test(end) ? end : ''));
    return from || to ? [`${key}:${from}..${to}`] : [];
  };
  return joined(listed(property).flatMap(whole));
}

/** Shares of shipments in time that can be asked for, in per cent. */
export const ON_TIME = ['90', '95'] as const;

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
    property: listed(category).length === 1 ? finished(search.property) : undefined,
    on_time: search.onTime,
    quantity: decimal(search.quantity),
    price_min: decimal(search.min),
    price_max: decimal(search.max),
    moq_max: decimal(search.moq),
  };
}

/** How many things narrow the search besides its words. */
export const narrowed = (search: ProductSearch): number =>
  FACETS.reduce((sum, name) => sum + listed(search[name]).length, 0) +
  listed(search.property).length +
  [search.min, search.max, search.moq, search.onTime].filter(Boolean).length;
