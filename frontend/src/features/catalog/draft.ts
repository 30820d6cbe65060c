import type { Product, ProductDraft } from '../../api/types';

/** Where the server's own pictures lie. */
export const PICTURES = '/api/v1/pictures/';

export const emptyDraft = (): ProductDraft => ({
  sku: '',
  title: '',
  title_zh: null,
  category: 'hardware',
  description: '',
  hs_code: '',
  unit: 'pcs',
  origin: 'CN',
  currency: 'USD',
  moq: '100',
  moq_step: null,
  ladder: [{ from_quantity: '100', unit_price: '' }],
  lead_days: 30,
  supply: 'made_to_order',
  capacity: null,
  on_hand: null,
  incoterm: { code: 'FOB', place: '' },
  pictures: [],
  attributes: {},
  sample: null,
  certificates: [],
  family: null,
});

/** A listing as its supplier would write it. */
export const draftOf = (product: Product): ProductDraft => ({
  sku: product.sku,
  title: product.title,
  title_zh: product.title_zh,
  category: product.category,
  description: product.description,
  hs_code: product.hs_code,
  unit: product.unit,
  origin: product.origin,
  currency: product.currency,
  moq: product.moq,
  moq_step: product.moq_step === '0' ? null : product.moq_step,
  ladder: product.ladder,
  lead_days: product.lead_days,
  supply: product.supply,
  capacity: product.capacity,
  // Stated only where it changes; what orders do to it meanwhile is not undone by saving a title.
  on_hand: null,
  incoterm: product.incoterm,
  pictures: product.pictures.map((address) => address.replace(PICTURES, '')),
  attributes: product.attributes,
  sample: product.sample,
  certificates: product.certificates.map(({ kind, number, issuer, valid_until }) => ({
    kind,
    number,
    issuer,
    valid_until,
  })),
  family: product.family && { key: product.family.key, options: product.family.options },
});

/** The draft while it is typed: properties have an order and may be half written. */
export interface Typed extends Omit<ProductDraft, 'attributes'> {
  properties: { name: string; value: string }[];
}

export const typedOf = ({ attributes, ...rest }: ProductDraft): Typed => ({
  ...rest,
  properties: Object.entries(attributes ?? {}).map(([name, value]) => ({ name, value })),
});

/** The properties with one set, or taken out where nothing is said. */
export function withProperty(
  properties: Typed['properties'],
  name: string,
  value: string,
): Typed['properties'] {
  const at = properties.findIndex((row) => row.name === name);
  if (value === '') return properties.filter((row) => row.name !== name);
  if (at < 0) return [...properties, { name, value }];
  return properties.map((row, n) => (n === at ? { name, value } : row));
}

/** The draft as it is sent: rows that are empty are left out. */
export function sentOf({ properties, ...rest }: Typed): ProductDraft {
  const written = properties.filter(({ name, value }) => name.trim() || value.trim());
  return {
    ...rest,
    title_zh: rest.title_zh?.trim() || null,
    moq_step: rest.moq_step?.trim() || null,
    capacity: rest.capacity?.trim() || null,
    on_hand: rest.on_hand?.trim() || null,
    ladder: rest.ladder.filter((row) => row.from_quantity.trim() || row.unit_price.trim()),
    pictures: (rest.pictures ?? []).filter(Boolean),
    certificates: (rest.certificates ?? []).filter(({ kind, number, issuer }) => kind || number || issuer),
    attributes: Object.fromEntries(written.map(({ name, value }) => [name.trim(), value.trim()])),
  };
}
