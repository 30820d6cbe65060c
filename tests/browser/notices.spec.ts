import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { api, enter, expect, type Ids, type Page, shoot, step, termsOf, test } from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const unread = async (page: Page) => (await api<{ unread: number }>(page, '/notices/unread')).unread;

/** An order the demo seller offers to the demo buyer. */
async function sellerOffers(buyer: Page, seller: Page): Promise<Ids> {
  const draft = await api<Ids>(seller, '/orders', { terms: await termsOf(buyer, seller) });
  return step(seller, draft.id, 'order.offer', { valid_days: 15 }, draft.version);
}

/** Reads everything, so that a test counts from nought. */
async function clear(page: Page) {
  const { items } = await api<{ items: { place: string }[] }>(page, '/notices?limit=1');
  if (items[0]) await api(page, '/notices/read', { through: items[0].place });
}

test("an offer rings the other side's bell, and leads to the order", async ({ browser, complaints }) => {
  const seller = await enter(browser, complaints, 'seller');
  const buyer = await enter(browser, complaints, 'buyer');
  await clear(buyer);
  await expect(buyer.getByTestId('bell-count')).toHaveCount(0);
  const { id } = await sellerOffers(buyer, seller);
  await expect(buyer.getByTestId('bell-count')).toHaveText('1');
  const again = await sellerOffers(buyer, seller);
  await expect(buyer.getByTestId('bell-count')).toHaveText('2');
  await shoot(buyer, 'notices-bell');

  await buyer.getByTestId('bell').click();
  const told = buyer.getByTestId('notice').and(buyer.locator('.unread'));
  await expect(told).toHaveCount(2);
  await told.nth(1).focus();
  await buyer.keyboard.press('Enter');
  await expect(buyer).toHaveURL(new RegExp(`/orders/${id}`));
  await expect(buyer.getByTestId('bell-count')).toHaveText('1');

  await buyer.getByTestId('bell').click();
  await buyer.getByTestId('read-all').click();
  await expect(buyer.getByTestId('bell-count')).toHaveCount(0);
  await buyer.getByRole('link', { name: 'Unread' }).click();
  await expect(buyer.getByText('Everything is read')).toBeVisible();
  await expect(buyer.getByTestId('notice')).toHaveCount(0);
  await expect(seller.getByTestId('notice')).toHaveCount(0);

  // Switched off, the next offer is silent.
  await buyer.goto('/notices/choices');
  const orders = buyer.getByTestId('choice-orders').getByRole('switch');
  await orders.focus();
  await buyer.keyboard.press('Space');
  await expect(orders).not.toBeChecked();
  await buyer.reload();
  await expect(buyer.getByTestId('choice-orders').getByRole('switch')).not.toBeChecked();
  await expect(buyer.getByTestId('choice-security')).toContainText('Always');
  await sellerOffers(buyer, seller);
  await api(seller, `/orders/${again.id}/messages`, { text: 'Have you seen it?' });
  // The message comes after the offer, so once it rings the offer was passed over.
  await expect(buyer.getByTestId('bell-count')).toHaveText('1');
  expect(await unread(buyer)).toBe(1);
  await buyer.getByTestId('choice-orders').getByRole('switch').click();
  await expect(buyer.getByTestId('choice-orders').getByRole('switch')).toBeChecked();
});

test('a search is saved, opened, renamed and forgotten', async ({ browser, complaints }) => {
  const buyer = await enter(browser, complaints, 'buyer');
  const name = `Steel ${Date.now()}`;
  await buyer.goto('/products?q=steel');
  await buyer.getByTestId('saved-searches').click();
  await buyer.getByLabel('Name of the search').fill(name);
  await buyer.getByTestId('save-search').dblclick();
  const row = buyer.getByTestId('saved-search').filter({ hasText: name });
  await expect(row).toHaveCount(1);
  await expect(row.getByRole('switch')).toBeChecked();
  await buyer.keyboard.press('Escape');
  await buyer.goto('/products');
  await buyer.getByTestId('saved-searches').click();
  await row.getByRole('button', { name, exact: true }).click();
  await expect(buyer).toHaveURL(/q=steel/);
  await buyer.getByTestId('saved-searches').click();
  await row.getByRole('button', { name: `Rename ${name}` }).click();
  await buyer.getByLabel('Name of the search').last().fill(`${name} plates`);
  await buyer.getByRole('button', { name: 'Rename', exact: true }).click();
  const renamed = buyer.getByTestId('saved-search').filter({ hasText: `${name} plates` });
  await expect(renamed).toHaveCount(1);
  await shoot(buyer, 'notices-saved');
  await renamed.getByRole('button', { name: /^Delete/ }).click();
  await expect(renamed).toHaveCount(0);
});

async function check(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `notices-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const look of [
  { name: '1440-en', width: 1440, lang: 'en', dark: false },
  { name: '390-en', width: 390, lang: 'en', dark: false },
  { name: '360-zh-dark', width: 360, lang: 'zh', dark: true },
  { name: '1440-zh-dark', width: 1440, lang: 'zh', dark: true },
] as const)
  test(`notices are accessible and fit at ${look.name}`, async ({ browser, complaints }) => {
    const seller = await enter(browser, complaints, 'seller', look);
    const buyer = await enter(browser, complaints, 'buyer', look);
    const before = await unread(buyer);
    await sellerOffers(buyer, seller);
    await expect.poll(() => unread(buyer)).toBeGreaterThan(before);
    await buyer.goto('/notices');
    await expect(buyer.getByTestId('notice').first()).toBeVisible();
    await check(buyer, `list-${look.name}`);
    await buyer.goto('/notices/choices');
    await expect(buyer.getByTestId('choice-security')).toBeVisible();
    await check(buyer, `choices-${look.name}`);
    await buyer.goto('/products?q=steel');
    await buyer.getByTestId('saved-searches').click();
    await expect(buyer.getByTestId('save-search')).toBeVisible();
    await check(buyer, `saved-${look.name}`);
  });
