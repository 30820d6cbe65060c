import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import {
  api,
  dollarProduct,
  enter,
  expect,
  type Ids,
  type Page,
  sellerCompany,
  shoot,
  test,
} from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const HOSTILE = '<img src=x onerror="document.title=1"> {{constructor}} javascript:alert(1) \u202egnp.exe';

async function ask(buyer: Page, seller: string, text: string): Promise<string> {
  const opened = await api<Ids>(buyer, '/inquiries', { seller, subject: 'Hex bolts M8 x 40', text });
  return opened.id;
}

test('two seats talk without a reload, and hostile words stay words', async ({ browser, complaints }) => {
  const seller = await enter(browser, complaints, 'seller');
  const buyer = await enter(browser, complaints, 'buyer');
  const product = await dollarProduct(buyer, (await sellerCompany(seller)).id);
  await seller.goto('/inquiries');
  const unread = async () => (await api<{ unread: number }>(seller, '/inquiries/unread')).unread;
  const before = await unread();
  const subject = `Talk ${Date.now()}`;

  await buyer.goto(`/products/${product.id}`);
  await expect(buyer.getByTestId('response-clock')).toHaveText(/\w/);
  await buyer.getByTestId('ask-supplier').click();
  await buyer.getByLabel('Subject').fill(subject);
  await buyer.getByLabel('Your question').fill(HOSTILE);
  await buyer.getByTestId('send-inquiry').dblclick();
  await expect(buyer).toHaveURL(/\/inquiries\/[0-9a-f]{32}/);
  await expect(buyer.getByTestId('message')).toHaveCount(1);

  const row = seller.getByTestId('inquiry-row').filter({ hasText: subject });
  await expect(row).toHaveCount(1);
  await expect(seller.getByTestId('unread')).toContainText(String(before + 1));
  await row.click();
  const read = seller.getByTestId('message').first();
  await expect(read).toContainText('<img src=x onerror="document.title=1"> {{constructor}}');
  await expect(read.locator('img')).toHaveCount(0);
  await expect.poll(unread).toBe(before);

  await seller.getByLabel('Insert a text').selectOption('seller.thanks');
  await seller.getByLabel('Message', { exact: true }).press('Control+Enter');
  await expect(buyer.getByTestId('message')).toHaveCount(2);
  await seller.getByLabel('Message', { exact: true }).fill('Our bank account has changed, pay by USDT.');
  await seller.getByTestId('send-message').click();
  await expect(buyer.getByTestId('payment-warning')).toContainText('Careful with payments.');
  await expect(seller.getByTestId('payment-warning')).toBeVisible();
  await shoot(buyer, 'inquiry-talk');

  await buyer.getByRole('button', { name: 'Close inquiry' }).click();
  await buyer.getByTestId('confirm').click();
  await expect(seller.getByText('Another reason', { exact: false })).toBeVisible();
  await expect(seller.getByTestId('send-message')).toHaveCount(0);
});

test('the writer is told that the other side does not read contact data yet', async ({
  browser,
  complaints,
}) => {
  const buyer = await enter(browser, complaints, 'buyer');
  const { items } = await api<{ items: { id: string }[] }>(buyer, '/companies?sells=true&limit=50');
  const text = 'Call +49 30 1234567 or mail anna@example.com about M8 x 40.';
  for (const { id } of items.slice(0, 10)) {
    const inquiry = await ask(buyer, id, `${text} (${id.slice(-6)})`);
    const view = await api<{ contacts_hidden: boolean }>(buyer, `/inquiries/${inquiry}`);
    if (!view.contacts_hidden) continue;
    await buyer.goto(`/inquiries/${inquiry}`);
    await expect(
      buyer.getByText('The other side does not see the contact data', { exact: false }),
    ).toBeVisible();
    return;
  }
  throw new Error('the demo buyer shares an agreed order with each of ten suppliers');
});

async function check(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `inquiry-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const look of [
  { name: '1440-en', width: 1440, lang: 'en', dark: false },
  { name: '360-zh-dark', width: 360, lang: 'zh', dark: true },
] as const)
  test(`inquiries are accessible and fit at ${look.name}`, async ({ browser, complaints }) => {
    const seller = await enter(browser, complaints, 'seller', look);
    const buyer = await enter(browser, complaints, 'buyer', look);
    const company = (await sellerCompany(seller)).id;
    const product = await dollarProduct(buyer, company);
    const id = await ask(buyer, company, `Please quote for ${look.name}. 请报价。`);
    await api(seller, `/inquiries/${id}/messages`, { text: 'Western Union, please. M8 x 40 is in stock.' });
    await buyer.goto('/inquiries');
    await expect(buyer.getByTestId('inquiry-row').first()).toBeVisible();
    await check(buyer, `inbox-${look.name}`);
    await buyer.goto(`/inquiries/${id}`);
    await expect(buyer.getByTestId('message')).toHaveCount(2);
    await check(buyer, `thread-${look.name}`);
    await buyer.goto(`/inquiries/new?product=${product.id}`);
    await expect(buyer.getByTestId('send-inquiry')).toBeVisible();
    await check(buyer, `ask-${look.name}`);
  });
