import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { agreedOrder, dollarProduct, enter, expect, type Page, sellerCompany, shoot, test } from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function check(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `screen-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const look of [
  { name: '1440-en', width: 1440, lang: 'en', dark: false },
  { name: '360-zh-dark', width: 360, lang: 'zh', dark: true },
] as const)
  test(`every screen is accessible and fits at ${look.name}`, async ({ browser, complaints }) => {
    test.setTimeout(90_000);
    const door = await enter(browser, complaints, null, look);
    await check(door, `sign-in-${look.name}`);
    const seller = await enter(browser, complaints, 'seller', look);
    const buyer = await enter(browser, complaints, 'buyer', look);
    const id = await agreedOrder(buyer, seller);
    const product = await dollarProduct(buyer, (await sellerCompany(seller)).id);
    const admin = await enter(browser, complaints, 'admin', look);
    for (const [page, path, name] of [
      [buyer, '/products', 'products'],
      [buyer, '/suppliers', 'suppliers'],
      [buyer, `/products/${product.id}`, 'product'],
      [buyer, `/orders/${id}`, 'cockpit'],
      [buyer, '/wallet', 'wallet'],
      [buyer, '/orders', 'orders'],
      [admin, '/admin/books', 'books'],
      [admin, '/market', 'console'],
    ] as const) {
      await page.goto(path);
      await check(page, `${name}-${look.name}`);
    }
  });
