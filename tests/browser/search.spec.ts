import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { enter, expect, type Page, test } from './fixtures';

const total = (page: Page) => page.getByTestId('total');
const box = (page: Page) =>
  page.locator('main').getByRole('combobox').or(page.locator('main input[type=search]')).first();

test('a typo in Chinese finds, filters count, and the address brings the search back', async ({
  browser,
  complaints,
}) => {
  const page = await enter(browser, complaints, 'buyer', { lang: 'zh' });
  await page.goto('/products');
  // Other tests list goods of their own.
  await expect(total(page)).toHaveText(/^3[2-9]\d 个商品$/);
  await box(page).fill('灯心绒');
  await expect(page.getByTestId('near')).toBeVisible();
  await expect(page.locator('.card-title').first()).toContainText('灯芯绒');
  const found = Number((await total(page).innerText()).replace(/\D/g, ''));

  const china = page.locator('.facet label', { hasText: '中国' });
  const counted = Number((await china.locator('.num').innerText()).replace(/\D/g, ''));
  await china.getByRole('checkbox').check();
  await expect(total(page)).toHaveText(`${counted} 个商品`);
  expect(counted).toBeLessThanOrEqual(found);

  const address = page.url();
  const other = await enter(browser, complaints, 'seller', { lang: 'zh' });
  await other.goto(address);
  await expect(total(other)).toHaveText(`${counted} 个商品`);
  await expect(other.locator('.facet label', { hasText: '中国' }).getByRole('checkbox')).toBeChecked();
});

test('completions are offered by keyboard, and the unit price follows the typed quantity', async ({
  browser,
  complaints,
}) => {
  const page = await enter(browser, complaints, 'buyer');
  await page.goto('/products');
  await expect(
    page.locator('main').getByRole('combobox').or(page.locator('main input[aria-expanded]')).first(),
  ).toBeVisible();
  await box(page).pressSequentially('cotton to');
  await expect(page.getByRole('option', { name: 'cotton towel' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=cotton(\+|%20)towel/);
  await page.getByLabel('Quantity').fill('1000');
  await expect(page.locator('.card').first()).toContainText('Total');
});

test('two to four products are compared side by side', async ({ browser, complaints }) => {
  for (const [lang, dark, width] of [
    ['en', false, 1440],
    ['zh', true, 390],
  ] as const) {
    const page = await enter(browser, complaints, 'buyer', { lang, dark, width });
    await page.goto('/products?q=towel');
    for (const n of [0, 1, 2]) await page.locator('.compare-mark input').nth(n).check();
    await page.getByTestId('tray').getByRole('link').click();
    await expect(page.locator('table.compare thead th')).toHaveCount(3);
    await expect(page.locator('td.best').first()).toBeVisible();
    for (const path of [page.url(), '/products?q=corduory']) {
      await page.goto(path);
      await expect(page.locator('main#main h1')).toBeVisible();
      await expect(page.locator('td.best, .card').first()).toBeVisible();
      const faults = await new AxeBuilder({ page }).analyze();
      expect(faults.violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html}`)).toEqual([]);
    }
    await page.context().close();
  }
});
