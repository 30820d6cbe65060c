import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { api, dollarProduct, enter, expect, type Page, sellerCompany, shoot, test } from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const HOSTILE = 'ISO 9001 <img src=x onerror="document.title=1"> {{constructor}} \u202egnp';

/** The market's day: a moment before its midnight is another day than that of the machine. */
const today = async (page: Page) => {
  const { clock, time_zone } = await api<{ clock: { now: string }; time_zone: string }>(page, '/market');
  return new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone }).format(new Date(clock.now));
};

test('a claim becomes a badge that says what it does not prove, and the badge ends with its day', async ({
  browser,
  complaints,
}) => {
  test.setTimeout(90_000);
  const seller = await enter(browser, complaints, 'seller');
  const company = await sellerCompany(seller);
  const number = `QMS-${Date.now()}`;
  await seller.goto('/proof');
  await expect(seller.getByTestId('missing')).toContainText('Missing for level');
  const entry = seller.locator('[data-testid="check"][data-kind="quality_certificate"]');
  await entry.getByRole('button', { name: /^Submit/ }).click();
  const dialog = seller.getByRole('dialog');
  await dialog.getByLabel('What is claimed').fill(HOSTILE);
  await dialog.getByLabel('Number').fill(number);
  await dialog.getByLabel('Issued by').fill('Certification body');
  await expect(dialog.getByTestId('send-proof')).toBeDisabled();
  await seller.locator('input[type="file"]').setInputFiles({
    name: 'certificate.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(`certificate ${number}`),
  });
  await expect(dialog.getByText('certificate.txt')).toBeVisible();
  await dialog.getByTestId('send-proof').dblclick();
  await expect(dialog).toHaveCount(0);
  const claim = entry.getByTestId('claim').filter({ hasText: number });
  await expect(claim).toHaveCount(1);
  await expect(claim).toHaveAttribute('data-state', 'submitted');

  const admin = await enter(browser, complaints, 'admin');
  await admin.goto('/admin/proofs');
  const queued = admin.getByTestId('queued').filter({ hasText: number });
  await expect(async () => {
    const more = admin.getByRole('button', { name: 'More' });
    if ((await queued.count()) === 0 && (await more.count()) > 0) await more.click();
    await expect(queued).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await expect(queued.getByRole('link', { name: 'certificate.txt' })).toBeVisible();
  await expect(queued.locator('img')).toHaveCount(0);
  await expect(queued.getByTestId('decide')).toBeDisabled();
  for (const box of await queued.getByRole('checkbox').all()) await box.check();
  await queued.getByLabel('Valid until').fill(await today(admin));
  await queued.scrollIntoViewIfNeeded();
  await shoot(admin, 'proof-queue');
  await queued.getByTestId('decide').click();
  await expect(queued).toHaveCount(0);
  await expect(claim).toHaveAttribute('data-state', 'confirmed');

  const buyer = await enter(browser, complaints, 'buyer');
  await buyer.goto(`/companies/${company.id}`);
  const badge = buyer.getByTestId('proof-badge').filter({ hasText: number });
  await expect(badge).toHaveAttribute('data-state', 'confirmed');
  await expect(badge).toContainText('Does not prove that each product or the next lot meets the standard.');
  await expect(badge).toContainText('Checked by Ada Moreau');
  await expect(badge).toContainText('<img src=x onerror="document.title=1"> {{constructor}}');
  await expect(badge.locator('img')).toHaveCount(0);
  await shoot(buyer, 'proof-supplier');

  const teacher = await enter(browser, complaints, 'teacher');
  await api(teacher, '/market/clock', { action: 'advance', by: '1d' });
  await expect(badge).toHaveAttribute('data-state', 'expired');
  await expect(claim).toHaveAttribute('data-state', 'expired');
  await buyer.getByRole('link', { name: 'Verification report' }).click();
  await expect(buyer.getByRole('heading', { level: 1, name: 'Verification report' })).toBeVisible();
  await expect(buyer.getByTestId('proof-badge').filter({ hasText: number })).toContainText('was valid until');
});

async function check(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `proof-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const look of [
  { name: '1440-en', width: 1440, lang: 'en', dark: false },
  { name: '390-zh-dark', width: 390, lang: 'zh', dark: true },
  { name: '360-en', width: 360, lang: 'en', dark: false },
] as const)
  test(`proofs are accessible and fit at ${look.name}`, async ({ browser, complaints }) => {
    test.setTimeout(90_000);
    const seller = await enter(browser, complaints, 'seller', look);
    const company = await sellerCompany(seller);
    await seller.goto('/proof');
    await expect(seller.getByTestId('check')).toHaveCount(6);
    await check(seller, `own-${look.name}`);
    const buyer = await enter(browser, complaints, 'buyer', look);
    await buyer.goto(`/companies/${company.id}`);
    await expect(buyer.getByTestId('proof-badge').first()).toBeVisible();
    await check(buyer, `supplier-${look.name}`);
    await buyer.goto(`/companies/${company.id}/proofs`);
    await expect(buyer.getByTestId('proof-badge').first()).toBeVisible();
    await check(buyer, `report-${look.name}`);
    const product = await dollarProduct(buyer, company.id);
    await buyer.goto(`/products/${product.id}`);
    await expect(buyer.getByTestId('on-time')).toHaveText(/\w/);
    await check(buyer, `product-${look.name}`);
    await buyer.goto('/products?verified=3');
    await expect(buyer.locator('.card, table.grid').first()).toBeVisible();
    await shoot(buyer, `proof-search-${look.name}`);
    const admin = await enter(browser, complaints, 'admin', look);
    await admin.goto('/admin/proofs?view=recheck');
    await expect(admin.locator('main#main h1')).toBeVisible();
    await check(admin, `recheck-${look.name}`);
    await admin.goto('/admin/proofs');
    await expect(admin.getByTestId('queued').first()).toBeVisible();
    await check(admin, `queue-${look.name}`);
  });
