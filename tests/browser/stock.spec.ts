import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import {
  api,
  enter,
  expect,
  type Ids,
  type Page,
  sellerCompany,
  shoot,
  step,
  termsOf,
  test,
} from './fixtures';

async function sound(page: Page, name: string) {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const faults = await new AxeBuilder({ page }).analyze();
  expect(faults.violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html}`)).toEqual([]);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  await shoot(page, `stock-${name}`);
}

/** An agreed order of so many metres of a product of the demo seller. */
async function agreed(buyer: Page, seller: Page, product: string, metres: string): Promise<Ids> {
  const terms = await termsOf(buyer, seller);
  const lines = terms.lines.map((line) => ({
    ...line,
    product,
    unit: 'm',
    title: 'Corduroy, sand',
    quantity: metres,
    unit_price: '3.40',
  }));
  const shipments = terms.shipments.map((shipment) => ({ ...shipment, quantities: [metres] }));
  const draft = await api<Ids>(buyer, '/orders', { terms: { ...terms, lines, shipments } });
  const offered = await step(buyer, draft.id, 'order.offer', { valid_days: 15 }, draft.version);
  const { offer } = await api<{ offer: { no: number; contract_hash: string } }>(buyer, `/orders/${draft.id}`);
  const read = { offer_no: offer.no, contract_hash: offer.contract_hash };
  return step(seller, draft.id, 'order.accept', read, offered.version);
}

test('goods are listed as ready stock, reserved by the first payment, and changed with a reason', async ({
  browser,
  complaints,
}) => {
  test.setTimeout(120_000);
  const sku = `RS-${Date.now()}`;
  const seller = await enter(browser, complaints, 'seller');
  await seller.goto('/products/new');
  await seller.getByLabel('Title in English').fill(`Corduroy sand 300 g ${sku}`);
  await seller.getByLabel('SKU').fill(sku);
  await seller.getByLabel('Category').selectOption('textiles');
  await seller.getByLabel('HS code').fill('58012200');
  await seller.getByLabel('Unit', { exact: true }).selectOption('m');
  await seller.getByLabel(/^Minimum/).fill('10');
  await seller.getByLabel('Place of the delivery term').fill('Ningbo');
  await seller.getByLabel(/^From/).fill('10');
  await seller.getByLabel('Unit price').fill('3.40');
  await seller.getByLabel('The goods are').selectOption({ label: 'Ready stock' });
  await seller.getByLabel(/^On hand/).fill('420');
  await seller.getByLabel('Ships within days').fill('3');
  await sound(seller, 'editor');
  await seller.getByRole('button', { name: 'List the product' }).click();
  await expect(seller.getByTestId('availability')).toHaveText(/420 .* in stock now, ships within 3 days/);
  const product = new URL(seller.url()).pathname.split('/').at(-1) as string;

  const buyer = await enter(browser, complaints, 'buyer');
  await buyer.goto(`/products/${product}?quantity=500`);
  await expect(buyer.getByTestId('shortage')).toContainText('Only 420');
  await sound(buyer, 'product');
  await api(buyer, '/wallet/pay-ins', {
    amount: { minor: '1000000', currency: 'USD' },
    reference: 'stock',
  });

  const first = await agreed(buyer, seller, product, '200');
  const second = await agreed(buyer, seller, product, '300');
  await buyer.goto(`/orders/${first.id}`);
  await expect(buyer.getByTestId('reservation')).toContainText('The first payment reserves them');
  await step(buyer, first.id, 'stage.fund', { stage: 1, method: 'tt' }, first.version);
  await expect(buyer.getByTestId('reservation')).toContainText('Reserved for you until');
  await expect(buyer.getByTestId('reservation')).toContainText('200');
  await sound(buyer, 'order');

  // Too late: what is there is said before anything is paid.
  await buyer.goto(`/orders/${second.id}`);
  await expect(buyer.getByText(/300 .* are wanted and 220 .* are free/).first()).toBeVisible();

  await seller.goto('/own-stock');
  await seller.getByRole('searchbox', { name: 'Search' }).fill(sku);
  await expect(seller.locator('tbody tr')).toHaveCount(1);
  await sound(seller, 'list');
  await seller.getByRole('link', { name: new RegExp(sku) }).click();
  const figures = seller.getByTestId('stock-figures');
  await expect(figures).toContainText('220');
  await expect(seller.getByTestId('reservations').locator('tbody tr')).toHaveCount(1);

  await seller.getByLabel('Why').selectOption({ label: 'Spoiled or lost' });
  await seller.getByLabel(/^How much/).fill('221');
  await seller.getByRole('button', { name: 'Book the change' }).click();
  await expect(seller.getByText('200 of the 420 on hand are reserved').first()).toBeVisible();
  await seller.getByLabel(/^How much/).fill('20.5');
  await seller.getByLabel('Note').fill('Wet rolls');
  await seller.getByRole('button', { name: 'Book the change' }).click();
  await expect(seller.getByText('Booked.')).toBeVisible();
  await expect(figures).toContainText('399.5');
  const log = seller.getByTestId('stock-changes').locator('tbody tr');
  await expect(log).toHaveCount(3);
  await expect(log.first()).toContainText('Wet rolls');
  await sound(seller, 'page');
  await seller.goto(`/products/${product}/edit`);
  await expect(seller.getByText(/199\.5 .*are free now/)).toBeVisible();
});

test('the stock pages fit a telephone in Chinese and in the dark', async ({ browser, complaints }) => {
  const look = { width: 390, lang: 'zh', dark: true } as const;
  const seller = await enter(browser, complaints, 'seller', look);
  const { id } = await sellerCompany(seller);
  const body = {
    sku: `RT-${Date.now()}`,
    title: 'Twill, undyed, on rolls of 60 m',
    title_zh: '本色斜纹布，60 米卷装',
    category: 'textiles',
    hs_code: '58012200',
    unit: 'm',
    origin: 'CN',
    currency: 'USD',
    moq: '10',
    ladder: [{ from_quantity: '10', unit_price: '2.10' }],
    lead_days: 2,
    incoterm: { code: 'FOB', place: 'Ningbo' },
    supply: 'ready_stock',
    on_hand: '1234.5',
  };
  const made = await api<{ id: string }>(seller, '/products', body);
  await seller.goto('/own-stock');
  await expect(seller.getByText('本色斜纹布，60 米卷装').first()).toBeVisible();
  await sound(seller, 'list-390');
  await seller.goto(`/own-stock/${made.id}`);
  await expect(seller.getByTestId('stock-figures')).toContainText('1,234.5');
  await sound(seller, 'page-390');
  await seller.goto(`/products/${made.id}`);
  await expect(seller.getByTestId('availability')).toContainText('现货 1,234.5');
  await sound(seller, 'product-390');
  expect(id).toHaveLength(32);
});
