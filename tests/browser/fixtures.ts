import { mkdirSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  test as base,
  expect,
  type Page,
} from '../../frontend/node_modules/@playwright/test';

export { expect, type Page };
export type Seat = 'buyer' | 'seller' | 'admin' | 'teacher';
type Look = { lang?: 'en' | 'zh'; dark?: boolean; width?: number; height?: number };

/** What no page of ours may say: a blocked resource, an uncaught fault. */
export class Complaints {
  readonly said: string[] = [];
  /** The browsers of this test. Left open they would go on reading the live streams of the seats they share with later tests. */
  readonly opened: BrowserContext[] = [];
  watch(page: Page): void {
    page.on('pageerror', (fault) => this.said.push(`fault: ${fault.message}`));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.said.push(message.text());
    });
  }
  async close(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((context) => context.close()));
  }
}

/** A browser of one person, as the seat's button on the sign-in page opens it. */
export async function enter(browser: Browser, complaints: Complaints, seat: Seat | null, look: Look = {}) {
  const context = await browser.newContext({
    baseURL: process.env.ENTREPOT_URL,
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    locale: look.lang === 'zh' ? 'zh-CN' : 'en-GB',
    storageState: {
      cookies: [],
      origins: [
        {
          origin: process.env.ENTREPOT_URL as string,
          localStorage: [
            { name: 'entrepot-language', value: look.lang ?? 'en' },
            { name: 'mantine-color-scheme-value', value: look.dark ? 'dark' : 'light' },
          ],
        },
      ],
    },
  });
  complaints.opened.push(context);
  context.on('page', (page) => complaints.watch(page));
  const page = await context.newPage();
  await page.goto('/sign-in');
  if (seat) {
    await page.getByTestId(`demo-${seat}`).click();
    await expect(page.locator('main#main h1')).toBeVisible();
  }
  return page;
}

/** Calls the API as the person of the page: with its cookies and its origin. */
export async function api<T>(page: Page, path: string, body?: unknown): Promise<T> {
  const { status, text } = await page.evaluate(
    async ([path, body]) => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
      const reply = await fetch(
        `/api/v1${path}`,
        body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) },
      );
      return { status: reply.status, text: await reply.text() };
    },
    [path, body] as [string, unknown],
  );
  expect(status, `${path}: ${text}`).toBeLessThan(300);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** What a step answers. */
export interface Ids {
  id: string;
  version: number;
}
interface Product {
  id: string;
  sku: string;
  title: string;
  unit: string;
  moq: string;
  currency: string;
  hs_code: string;
  incoterm: { code: string; place: string };
  ladder: { unit_price: string }[];
}

export async function sellerCompany(seller: Page): Promise<{ id: string; name: string }> {
  const me = await api<{ seat: { company: { id: string; name: string } } }>(seller, '/auth/me');
  return me.seat.company;
}

/** A dollar product of the supplier, the one listed first. */
export async function dollarProduct(page: Page, supplier: string): Promise<Product> {
  const { items } = await api<{ items: Product[] }>(page, `/products?supplier=${supplier}&limit=50`);
  const card = items.find((item) => item.currency === 'USD');
  if (!card) throw new Error('the demo seller lists nothing in dollars');
  return api<Product>(page, `/products/${card.id}`);
}

export function step(page: Page, id: string, name: string, params: unknown, version: number): Promise<Ids> {
  return api<Ids>(page, `/orders/${id}/transitions`, { name, params, expected_version: version });
}

/** Terms between the demo buyer and the demo seller for the least of the seller's first dollar product. */
export async function termsOf(buyer: Page, seller: Page) {
  const [me, supplier, market] = await Promise.all([
    api<{ seat: { company: { id: string; name: string } } }>(buyer, '/auth/me'),
    sellerCompany(seller),
    api<{ clock: { now: string } }>(buyer, '/market'),
  ]);
  const product = await dollarProduct(buyer, supplier.id);
  const { sku, title, unit, hs_code } = product;
  const contact = { name: 'Anna Test', email: 'anna@example.com', phone: '+1 555 0100' };
  const shipBy = new Date(Date.parse(market.clock.now) + 60 * 86_400_000).toISOString().slice(0, 10);
  return {
    buyer: me.seat.company.id,
    seller: supplier.id,
    currency: 'USD',
    lines: [
      {
        product: product.id,
        sku,
        title,
        hs_code,
        unit,
        quantity: product.moq,
        unit_price: product.ladder[0]?.unit_price,
      },
    ],
    freight_minor: '0',
    discount_minor: '0',
    tax_minor: '0',
    incoterm: product.incoterm,
    delivery_address: {
      name: 'Dock 4',
      street: '12 Harbour Road',
      city: 'Hamburg',
      region: 'Hamburg',
      postcode: '20457',
      country: 'DE',
    },
    consignee: me.seat.company.name,
    buyer_contact: contact,
    seller_contact: contact,
    po_number: null,
    stages: [
      { kind: 'deposit', trigger: 'agreed', share_bps: 3000, shipment: null },
      { kind: 'balance', trigger: 'before_dispatch', share_bps: 7000, shipment: null },
    ],
    shipments: [{ ship_by: shipBy, quantities: [product.moq] }],
    acceptance_days: 15,
    claim_window_days: 30,
    deposit_days: 10,
    quality_points: [
      { point: 'Thread', bound: 'within', value: '8', tolerance: '0.05', unit: 'mm', method: 'Gauge 6g' },
    ],
    notes: '',
  };
}

/** An order the demo buyer has offered to the demo seller. */
export async function offeredOrder(buyer: Page, seller: Page): Promise<Ids> {
  const draft = await api<Ids>(buyer, '/orders', { terms: await termsOf(buyer, seller) });
  return step(buyer, draft.id, 'order.offer', { valid_days: 15 }, draft.version);
}

/** An order agreed between the demo buyer and the demo seller, in the shortest way. */
export async function agreedOrder(buyer: Page, seller: Page): Promise<string> {
  const offered = await offeredOrder(buyer, seller);
  const view = await api<{ offer: { no: number; contract_hash: string } }>(buyer, `/orders/${offered.id}`);
  const { no, contract_hash } = view.offer;
  await step(seller, offered.id, 'order.accept', { offer_no: no, contract_hash }, offered.version);
  return offered.id;
}

/** A picture for the reader of the run; they lie in frontend/test-results and are not kept. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.ENTREPOT_SHOTS ?? 'test-results';
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

export const test = base.extend<{ complaints: Complaints }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  complaints: async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    await complaints.close();
    expect(complaints.said, 'blocked by the content security policy, or faults of the page').toEqual([]);
  },
});
