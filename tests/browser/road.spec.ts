import { api, type Complaints, enter, expect, type Page, shoot, test } from './fixtures';

const PASSWORD = 'quiet-harbour-lamp-seventeen';

/** Registers a company over the form; the person is signed in afterwards. */
async function register(page: Page, name: string, sells: boolean) {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill(`Owner of ${name}`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByLabel('Company').fill(name);
  await page.getByLabel('Country').fill(sells ? 'CN' : 'DE');
  await page.getByLabel('Registration number').fill(`R ${name}`);
  if (sells) await page.getByLabel('We sell').check();
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.locator('main#main h1')).toBeVisible();
}

/** Opens the request and quotes its one line over the form. */
async function quote(seller: Page, path: string, price: string) {
  await seller.goto(path);
  await seller.getByLabel('From (smallest quantity sold)').first().fill('100');
  await seller.getByLabel('Unit price, USD').first().fill(price);
  await seller.getByRole('button', { name: 'Submit the quote' }).click();
  await expect(seller.getByRole('button', { name: 'Submit a new version' })).toBeVisible();
}

/** The newest version of a quote as a supplier without a browser sends it. */
const quoted = (quantity: string, price: string) => ({
  lines: [{ line: 1, sku: 'API-1', ladder: [{ from_quantity: quantity, unit_price: price }] }],
  lead_days: 25,
  incoterm: { code: 'FOB', place: 'Ningbo' },
  freight_minor: '0',
  validity_days: 30,
  stages: [
    { kind: 'deposit', trigger: 'agreed', share_bps: 3000 },
    { kind: 'balance', trigger: 'before_dispatch', share_bps: 7000 },
  ],
  note: '',
});

interface Order {
  number: string;
  status: string;
  terms: { lines: { unit_price: string; quantity: string }[] };
  total: { minor: string };
}

/** Completes a drafted order, has it accepted, takes the contract home and pays the deposit. */
async function conclude(buyer: Page, seller: Page, path: string) {
  await buyer.goto(`${path}/terms`);
  await expect(buyer.locator('main#main h1')).toBeVisible();
  for (const [label, value] of [
    ['Recipient', 'Dock 4'],
    ['Street', '12 Harbour Road'],
    ['Postcode', '20457'],
    ['City', 'Hamburg'],
    ['Region', 'Hamburg'],
  ] as const)
    await buyer.getByLabel(label, { exact: true }).fill(value);
  await buyer.getByRole('button', { name: 'Send offer' }).click();
  await expect(buyer).toHaveURL(/\/orders\/[0-9a-f]{32}$/);

  await seller.goto(path);
  await seller.getByTestId('next-action').click();
  await seller.getByTestId('confirm-step').click();
  await expect(seller.getByRole('status').filter({ hasText: 'Done:' })).toBeVisible();

  await buyer.goto(`${path}?tab=versions`);
  const waiting = buyer.waitForEvent('download');
  await buyer.getByRole('link', { name: 'Contract (PDF)' }).first().click();
  expect((await waiting).suggestedFilename()).toMatch(/^E-\w+-contract-v\d-both\.pdf$/);
  await buyer.goto(path);
  await expect(buyer.getByTestId('next-action')).toHaveText(/Pay into holding · Stage 1/);
  await buyer.getByTestId('next-action').click();
  await buyer.getByTestId('confirm-step').click();
  await expect(buyer.getByRole('status').filter({ hasText: 'Done:' })).toBeVisible();
}

async function cast(browser: Parameters<typeof enter>[0], complaints: Complaints) {
  const [buyer, hand, machine] = await Promise.all([1, 2, 3].map(() => enter(browser, complaints, null)));
  if (!buyer || !hand || !machine) throw new Error('no browsers');
  await register(buyer, 'Elbe Trading', false);
  await register(hand, 'Ning River Textiles', true);
  await register(machine, 'Machine Mills', true);
  return { buyer, hand, machine, seller: await enter(browser, complaints, 'seller') };
}

test('from a search with a typo to two funded contracts', async ({ browser, complaints }) => {
  test.setTimeout(150_000);
  const { buyer, hand, machine, seller } = await cast(browser, complaints);
  await api(buyer, '/wallet/pay-ins', {
    amount: { minor: '90000000', currency: 'USD' },
    reference: 'capital',
  });

  // Corduroy with one wrong character; three goods are laid side by side.
  await buyer.goto('/products');
  const box = buyer
    .locator('main')
    .getByRole('combobox')
    .or(buyer.locator('main input[type=search]'))
    .first();
  await box.fill('灯心绒');
  await expect(buyer.getByTestId('near')).toBeVisible();
  await buyer.locator('.compare-mark input').first().check();
  await box.fill('towel');
  await expect(buyer.locator('.card-title').first()).toContainText(/towel/i);
  for (const n of [0, 1]) await buyer.locator('.compare-mark input').nth(n).check();
  await shoot(buyer, 'road-1-search');
  await buyer.getByTestId('tray').getByRole('link').click();
  await expect(buyer.locator('table.compare thead th')).toHaveCount(3);
  await shoot(buyer, 'road-2-compare');

  // One of them is asked of every supplier.
  await buyer.locator('table.compare thead a').first().click();
  await buyer.getByRole('link', { name: 'Ask several suppliers for quotes' }).click();
  await buyer.getByLabel('Named place').fill('Shanghai');
  await buyer.getByLabel('Destination country').fill('DE');
  await buyer.getByRole('textbox', { name: 'Quantity' }).fill('1000');
  await buyer.getByRole('button', { name: 'Add a point' }).click();
  await buyer.getByLabel('Measured').fill('Weight');
  await buyer.getByLabel('Limit', { exact: true }).selectOption('at_least');
  await buyer.getByLabel('Number', { exact: true }).fill('450');
  const point = buyer.getByRole('group', { name: 'Quality point 1' });
  await point.getByLabel('Unit', { exact: true }).fill('g/m2');
  await buyer.getByLabel('Method').fill('ISO 3801');
  await buyer.getByRole('button', { name: 'Publish the request' }).click();
  await expect(buyer).toHaveURL(/\/rfqs\/[0-9a-f]{32}$/);
  const path = new URL(buyer.url()).pathname;

  // Two suppliers quote by hand, one over the interface.
  await quote(seller, path, '2.40');
  await quote(hand, path, '2.20');
  await api(machine, `${path}/quotes`, quoted('100', '2.30'));
  await buyer.reload();
  await expect(buyer.getByRole('columnheader')).toHaveCount(4 + 4);
  await shoot(buyer, 'road-3-comparison');

  // The buyer asks the dearest for less; it agrees.
  const dearest = await api<{ items: { number: string; supplier: { name: string } }[] }>(
    buyer,
    `${path}/quotes`,
  );
  const own = dearest.items.find(
    (one) => one.supplier.name !== 'Machine Mills' && one.supplier.name !== 'Ning River Textiles',
  );
  const talk = buyer.locator('details').filter({ hasText: `${own?.number} ·` });
  await talk.locator('summary').click();
  await talk.getByLabel(/^Line 1: your price/).fill('2.10');
  await talk.getByRole('button', { name: 'Send the counter-offer' }).click();
  await expect(talk.getByText('Waiting for the supplier')).toBeVisible();
  await seller.reload();
  await seller.getByRole('button', { name: 'Agree to counter-offer 1' }).click();
  await expect(seller.getByText('Agreed', { exact: true })).toBeVisible();

  // The award is split over two suppliers: two orders with exactly these prices.
  await buyer.reload();
  await buyer.getByLabel(`Quantity of line 1 from ${own?.supplier.name}`).fill('600');
  await buyer.getByLabel('Quantity of line 1 from Ning River Textiles').fill('400');
  await expect(buyer.getByText(/Suppliers chosen: 2\. Total:\s*USD\s*2,140\.00/)).toBeVisible();
  await buyer.getByRole('button', { name: 'Award', exact: true }).click();
  await expect(buyer.getByText('Order drafted:')).toHaveCount(2);
  await shoot(buyer, 'road-4-award');
  const links = buyer.getByRole('link', { name: /^E-/ });
  const orders = await Promise.all([0, 1].map((n) => links.nth(n).getAttribute('href')));
  for (const order of orders) {
    const drafted = await api<Order>(buyer, order as string);
    const [line] = drafted.terms.lines;
    const supplier = line?.quantity === '600' ? seller : hand;
    expect(line?.unit_price).toBe(line?.quantity === '600' ? '2.1' : '2.2');
    await conclude(buyer, supplier, order as string);
    await shoot(buyer, `road-5-funded-${line?.quantity}`);
    const funded = await api<Order>(buyer, order as string);
    expect(funded.terms.lines[0]?.unit_price).toBe(line?.unit_price);
    expect(funded.total.minor).toBe(drafted.total.minor);
  }
});
