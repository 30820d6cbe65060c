import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { api, enter, expect, type Page, shoot, test } from './fixtures';

/** A red square of 600 pixels a side, as a browser makes it. */
async function picture(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(600, 400);
    const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    pen.fillStyle = '#b33';
    pen.fillRect(0, 0, 600, 400);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

async function sound(page: Page) {
  const faults = await new AxeBuilder({ page }).analyze();
  expect(faults.violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html}`)).toEqual([]);
}

test('a seller fills the template, uploads a picture, publishes, withdraws and reads the history', async ({
  browser,
  complaints,
}) => {
  const sku = `GS-${Date.now()}`;
  const seller = await enter(browser, complaints, 'seller');
  await seller.goto('/own-products');
  await seller.getByRole('link', { name: 'New product' }).click();
  await seller.getByLabel('Title in English').fill(`Wexford kettle 1.7 l ${sku}`);
  await seller.getByLabel('SKU').fill(sku);
  await seller.getByLabel('Category').selectOption({ label: 'Home appliances' });
  await seller.getByLabel('HS code').fill('85167970');
  await seller.getByLabel('Place of the delivery term').fill('Ningbo');
  await seller.getByLabel('Unit price').fill('12.50');
  await expect(seller.getByText('State: Power')).toBeVisible();
  await seller.getByLabel(/^Power/).fill('2200');
  await seller.getByLabel(/^Voltage/).fill('230');
  await seller.getByLabel(/^Plug/).selectOption({ label: 'Europe' });
  await expect(seller.getByText('State: Power')).toHaveCount(0);
  await seller.setInputFiles('input[type=file]', {
    name: 'kettle.png',
    mimeType: 'image/png',
    buffer: await picture(seller),
  });
  await expect(seller.locator('.pictures-editor img')).toHaveCount(1);
  await seller.getByLabel('Samples are offered').check();
  await seller.getByLabel(/^Price of one/).fill('9.00');
  await seller.getByRole('button', { name: 'Name a certificate' }).click();
  await seller.getByLabel('Certificate', { exact: true }).fill('CE');
  await seller.getByLabel('Number', { exact: true }).fill('CE-77');
  await seller.getByLabel('Issued by').fill('TÜV');
  await seller.getByLabel('Valid until').fill('2020-01-01');
  await sound(seller);
  await shoot(seller, 'goods-editor');
  await seller.getByRole('button', { name: 'Save as a draft' }).click();
  await expect(seller.getByTestId('listing-state')).toContainText('draft');

  const buyer = await enter(browser, complaints, 'buyer');
  const address = seller.url();
  await buyer.goto(address);
  await expect(buyer.getByText('Nothing is here')).toBeVisible();

  await seller.getByRole('button', { name: 'Publish' }).click();
  await expect(seller.getByTestId('listing-state')).toHaveCount(0);
  await buyer.goto(address);
  await expect(buyer.getByText('2200 W')).toBeVisible();
  await expect(buyer.getByTestId('sample')).toContainText('9');
  await expect(buyer.locator('.certificates')).toContainText('expired');
  await expect(buyer.getByRole('button', { name: 'Ask the supplier' })).toBeVisible();
  const shown = buyer.locator('.gallery img').first();
  await expect(shown).toBeVisible();
  expect(await shown.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(600);
  await sound(buyer);
  await shoot(buyer, 'goods-product');

  await seller.getByRole('button', { name: 'Withdraw' }).click();
  await expect(seller.getByTestId('listing-state')).toContainText('withdrawn');
  await buyer.reload();
  await expect(buyer.getByTestId('listing-state')).toContainText('withdrawn');
  await expect(buyer.getByRole('button', { name: 'Write an order' })).toHaveCount(0);

  await seller.getByRole('link', { name: 'History' }).click();
  await expect(seller.locator('.changes ins').first()).toHaveText('withdrawn');
  await sound(seller);
  await shoot(seller, 'goods-history');
});

test('a buyer keeps products in mind, orders them by SKU, and each supplier gets one draft', async ({
  browser,
  complaints,
}) => {
  const buyer = await enter(browser, complaints, 'buyer');
  await buyer.goto('/products?q=corduroy');
  const hearts = buyer.getByRole('button', { name: /^Shortlist:/ });
  await expect(hearts.nth(1)).toBeVisible();
  for (const n of [0, 1]) {
    if ((await hearts.nth(n).getAttribute('aria-pressed')) === 'false') await hearts.nth(n).click();
    await expect(hearts.nth(n)).toHaveAttribute('aria-pressed', 'true');
  }
  await buyer.getByRole('link', { name: 'Shortlist', exact: true }).click();
  const entries = buyer.locator('.kept-entry');
  await expect(entries.nth(1)).toBeVisible();
  const note = entries.first().getByRole('textbox');
  await note.fill('for spring');
  await note.blur();
  await buyer.reload();
  await expect(entries.first().getByRole('textbox')).toHaveValue('for spring');
  for (const n of [0, 1]) await entries.nth(n).getByRole('checkbox').check();
  await expect(buyer.getByRole('button', { name: 'Compare' })).toBeEnabled();
  await sound(buyer);
  await shoot(buyer, 'goods-shortlist');
  await buyer.getByRole('button', { name: 'Quick order' }).click();

  const box = buyer.getByLabel('Lines', { exact: true });
  await expect(box).toHaveValue(/\t/);
  const page = await api<{ items: { sku: string; moq: string; supplier: { name: string } }[] }>(
    buyer,
    '/products?q=towel&limit=1',
  );
  const other = page.items[0];
  if (!other) throw new Error('the demo market has towels');
  await box.fill(`${await box.inputValue()}\n${other.sku}\t1\t${other.supplier.name}\nNO-SUCH-SKU 10`);
  await buyer.getByRole('button', { name: 'Price 4 lines' }).click();
  const row = (verdict: string) => buyer.locator(`tr[data-verdict="${verdict}"]`);
  await expect(row('good')).toHaveCount(2);
  await expect(row('unknown')).toHaveCount(1);
  await expect(row('below_moq')).toHaveCount(1);
  await row('below_moq').getByRole('button').click();
  await expect(row('good')).toHaveCount(3);
  await sound(buyer);
  await shoot(buyer, 'goods-quick');
  const suppliers = await buyer.locator('.quick-groups li').count();
  await buyer.getByRole('button', { name: /^Make \d+ draft orders$/ }).click();
  await expect(buyer.getByTestId('quick-made').getByRole('link')).toHaveCount(suppliers);
  await buyer.getByTestId('quick-made').getByRole('link').first().click();
  await expect(buyer.locator('h1')).toContainText('E-');
});

test('the desk of a seller changes many at once, at every width and in both languages', async ({
  browser,
  complaints,
}) => {
  const seller = await enter(browser, complaints, 'seller');
  await seller.goto('/own-products');
  const boxes = seller.getByRole('checkbox');
  await expect(boxes.nth(2)).toBeVisible();
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  await seller.getByLabel('Lead time in days').fill('21');
  await seller.getByRole('button', { name: 'Change them' }).click();
  await expect(seller.getByTestId('bulk-result')).toContainText(/Changed [012], already so [012], refused 0/);
  await expect(seller.getByText('21 days').first()).toBeVisible();
  await sound(seller);
  const download = seller.waitForEvent('download');
  await seller.getByTestId('export').click();
  expect((await download).suggestedFilename()).toBe('products.csv');
  for (const [who, path] of [
    ['seller', '/own-products'],
    ['buyer', '/shortlist'],
    ['buyer', '/quick-order'],
  ] as const) {
    for (const look of [
      { lang: 'zh', dark: true, width: 390 },
      { lang: 'zh', width: 1440 },
      { lang: 'en', dark: true, width: 360 },
    ] as const) {
      const page = await enter(browser, complaints, who, look);
      await page.goto(path);
      await expect(page.locator('main#main h1')).toBeVisible();
      await expect(page.locator('table.grid, .kept-entry, .quick-box').first()).toBeVisible();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, `${path} ${JSON.stringify(look)}`).toBeLessThanOrEqual(0);
      await shoot(page, `goods${path.replace(/\//g, '-')}-${look.lang}-${look.width}`);
      await page.context().close();
    }
  }
});
