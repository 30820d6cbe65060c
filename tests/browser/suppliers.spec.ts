import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { enter, expect, type Page, shoot, test } from './fixtures';

const total = (page: Page) => page.getByTestId('total');
const count = async (page: Page) => Number((await total(page).innerText()).replace(/\D/g, ''));

test('suppliers are found by name and goods, and the address brings the search back', async ({
  browser,
  complaints,
}) => {
  const page = await enter(browser, complaints, 'buyer');
  await page.goto('/products?q=corduroy');
  await page.getByText('Suppliers', { exact: true }).click();
  await expect(page).toHaveURL(/\/suppliers\?q=corduroy/);
  const card = page.getByTestId('supplier-card').first();
  await expect(card).toContainText('Lanqiao');
  await expect(card).toContainText('Textiles');
  await expect(card).toContainText(/\d listings/);
  await expect(card.getByTestId('on-time')).toBeVisible();

  await page.getByRole('searchbox').fill('lanqaio');
  await expect(page.getByTestId('near')).toBeVisible();
  await expect(page.getByTestId('supplier-card')).toHaveCount(1);
  await page.getByRole('searchbox').fill('');
  await expect(page.getByTestId('supplier-card')).toHaveCount(24);

  const china = page.locator('.facet label', { hasText: 'China' });
  const counted = Number((await china.locator('.num').innerText()).replace(/\D/g, ''));
  await china.getByRole('checkbox').check();
  await expect.poll(() => count(page)).toBe(counted);
  const left = page.getByTestId('on-time-facet').locator('label', { hasText: '90' });
  const punctual = Number((await left.locator('.num').innerText()).replace(/\D/g, ''));
  await left.getByRole('checkbox').check();
  await expect.poll(() => count(page)).toBe(punctual);
  expect(punctual).toBeLessThan(counted);

  const address = page.url();
  const other = await enter(browser, complaints, 'seller');
  await other.goto(address);
  await expect.poll(() => count(other)).toBe(punctual);
  await expect(other.locator('.facet label', { hasText: 'China' }).getByRole('checkbox')).toBeChecked();
});

test('properties show with one category, narrow, and go with it', async ({ browser, complaints }) => {
  const page = await enter(browser, complaints, 'buyer');
  await page.goto('/products');
  await page.locator('.facet label', { hasText: 'Textiles' }).getByRole('checkbox').check();
  const woven = page.locator('.facet label', { hasText: 'Woven' });
  const counted = Number((await woven.locator('.num').innerText()).replace(/\D/g, ''));
  await woven.getByRole('checkbox').check();
  await expect.poll(() => count(page)).toBe(counted);
  await expect(page).toHaveURL(/property=weave/);
  await page.getByTestId('property-weight_gsm').getByRole('textbox').first().fill('300');
  await expect.poll(() => count(page)).toBeLessThan(counted);
  await page.reload();
  await expect(woven.getByRole('checkbox')).toBeChecked();
  await page.locator('.facet label', { hasText: 'Textiles' }).getByRole('checkbox').uncheck();
  await expect(page).not.toHaveURL(/property/);
  await expect(woven).toHaveCount(0);
});

test('the palette finds products and suppliers by the search', async ({ browser, complaints }) => {
  const page = await enter(browser, complaints, 'buyer');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to or search' }).fill('corduro');
  await expect(page.getByRole('option', { name: /corduroy.*Product/ }).first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Go to or search' }).fill('lanqiao');
  const supplier = page.getByRole('option', { name: /Lanqiao.*Supplier$/ });
  await supplier.click();
  await expect(page).toHaveURL(/\/companies\//);
});

test('no raw key shows before the second part of the texts has come', async ({ browser, complaints }) => {
  const page = await enter(browser, complaints, 'buyer');
  await page.route(/rest-.*\.js/, () => {});
  await page.goto('/products');
  await expect(page.locator('.card').first()).toBeVisible();
  const shown = await page.locator('main').innerText();
  expect(shown).not.toMatch(/\b[a-z]+\.[a-z]+[A-Za-z.]*\b(?!\s*mm)/);
  await expect(page.locator('.compare-mark').first()).toContainText('Compare');
});

test('the screens of the search fit and are accessible', async ({ browser, complaints }) => {
  for (const [lang, dark, width] of [
    ['en', false, 1440],
    ['zh', true, 1440],
    ['zh', false, 390],
    ['en', true, 390],
  ] as const) {
    const page = await enter(browser, complaints, 'buyer', { lang, dark, width });
    for (const [path, name] of [
      ['/suppliers', 'suppliers'],
      ['/suppliers?q=zzzzqqq', 'suppliers-none'],
      ['/products?category=textiles&property=weave:woven&onTime=90', 'properties'],
    ] as const) {
      await page.goto(path);
      await expect(total(page)).not.toBeEmpty();
      if (width < 900) await page.locator('.rail > summary').click();
      await shoot(page, `sight-${name}-${width}-${lang}-${dark ? 'dark' : 'light'}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html}`)).toEqual([]);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  }
});
