import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { api, enter, expect, type Page, sellerCompany, shoot, test } from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function sound(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `sourcing-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Presses a button by the keyboard alone. */
async function press(page: Page, name: string | RegExp) {
  const button = page.getByRole('button', { name });
  await button.focus();
  await page.keyboard.press('Enter');
}

const LOOKS = [
  { name: 'wide', width: 1440 },
  { name: 'phone', width: 360 },
] as const;
for (const look of LOOKS)
  test(`a request is written, quoted, compared and awarded: ${look.name}`, async ({
    browser,
    complaints,
  }) => {
    test.setTimeout(120_000);
    const seller = await enter(browser, complaints, 'seller', look);
    const supplier = await sellerCompany(seller);
    const { items: goods } = await api<{ items: { category: string }[] }>(
      seller,
      `/products?supplier=${supplier.id}&limit=1`,
    );
    const category = goods[0]?.category ?? 'other';
    const buyer = await enter(browser, complaints, 'buyer', look);

    // The buyer pastes a table; a row that cannot be read is named and the good ones stay.
    const subject = `Goods for the ${look.name} shop`;
    await buyer.goto('/rfqs/new');
    await buyer.getByLabel('Subject').fill(subject);
    await buyer.getByLabel('Named place').fill('Hamburg');
    await buyer.getByText('Paste a table', { exact: true }).click();
    const rows = [`First\t${category}\t1000\tpcs\t\t1.50`, 'Bad\t\tmany', `Second\t${category}\t500\tpcs`];
    await buyer.getByLabel('Rows from a spreadsheet').fill(rows.join('\n'));
    await press(buyer, 'Add these rows');
    await expect(buyer.getByText('Rows added: 2. Not readable: 2')).toBeVisible();
    await press(buyer, 'Add a point');
    await buyer.getByLabel('Measured').fill('Weight');
    await buyer.getByLabel('Limit', { exact: true }).selectOption('at_most');
    await buyer.getByLabel('Number', { exact: true }).fill('12');
    await buyer.getByRole('group', { name: 'Quality point 1' }).getByLabel('Unit', { exact: true }).fill('g');
    await buyer.getByLabel('Method').fill('Scale, ten pieces');
    await sound(buyer, `writer-${look.name}`);
    await press(buyer, 'Publish the request');
    await expect(buyer.getByRole('heading', { level: 1, name: new RegExp(subject) })).toBeVisible();
    const path = new URL(buyer.url()).pathname;

    // It comes to the supplier with the reasons; the supplier quotes both lines.
    await expect(async () => {
      await seller.goto('/rfqs?view=inbox');
      await expect(seller.getByText(subject)).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await sound(seller, `inbox-${look.name}`);
    await seller.goto(path);
    const prices = seller.getByLabel('Unit price, USD');
    await prices.nth(0).fill('1.40');
    await prices.nth(1).fill('2');
    await expect(seller.getByText(/USD\s*2,400\.00/)).toBeVisible();
    await sound(seller, `quote-${look.name}`);
    await press(seller, 'Submit the quote');
    await expect(seller.getByRole('button', { name: 'Submit a new version' })).toBeVisible();
    await prices.nth(0).fill('1.35');
    await press(seller, 'Submit a new version');
    await expect(seller.getByText('Line 1, price 1:')).toBeVisible();

    // The buyer sees the newest version, takes the cheapest cells and awards them.
    await buyer.reload();
    await expect(buyer.getByRole('columnheader', { name: /Version 2/ })).toBeVisible();

    // It asks this supplier for less; the supplier agrees with one button, and a third version stands.
    await buyer
      .locator('summary')
      .filter({ hasText: `${supplier.name} · Q-` })
      .click();
    await buyer.getByLabel(/^Line 1: your price/).fill('1.30');
    await sound(buyer, `negotiate-${look.name}`);
    await press(buyer, 'Send the counter-offer');
    await expect(buyer.getByText('Waiting for the supplier')).toBeVisible();
    await seller.reload();
    await sound(seller, `countered-${look.name}`);
    await press(seller, 'Agree to counter-offer 1');
    await expect(seller.getByText('Agreed', { exact: true })).toBeVisible();
    await buyer.reload();
    await expect(buyer.getByRole('columnheader', { name: /Version 3/ })).toBeVisible();
    await press(buyer, 'Choose the cheapest of each line');
    await expect(buyer.getByText(/Suppliers chosen: 1\. Total:\s*USD\s*2,300\.00/)).toBeVisible();
    await sound(buyer, `comparison-${look.name}`);
    await press(buyer, /^Award$/);
    await expect(buyer.getByText('Order drafted:')).toBeVisible();
    await sound(buyer, `awarded-${look.name}`);
    await buyer.getByRole('link', { name: /^E-/ }).click();
    await expect(buyer.getByText(/2,300\.00/).first()).toBeVisible();
  });

test('a product page leads to a request that is filled in from it', async ({ browser, complaints }) => {
  const buyer = await enter(browser, complaints, 'buyer');
  const { items } = await api<{ items: { id: string; title: string; moq: string }[] }>(
    buyer,
    '/products?limit=1',
  );
  const product = items[0];
  if (!product) throw new Error('the demo market lists nothing');
  await buyer.goto(`/products/${product.id}`);
  await buyer.getByRole('link', { name: 'Ask several suppliers for quotes' }).click();
  await expect(buyer.getByLabel('Subject')).toHaveValue(product.title);
  await expect(buyer.getByRole('textbox', { name: 'Goods' })).toHaveValue(product.title);
  await expect(buyer.getByRole('textbox', { name: 'Quantity' })).toHaveValue(product.moq);
});
