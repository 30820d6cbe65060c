import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agreedOrder, api, Complaints, enter, expect, type Page, shoot, test } from './fixtures';

const reports = async (page: Page) =>
  (await page.evaluate(async () => (await (await fetch('/reports/csp')).json()) as { reports: number }))
    .reports;

test('no page of ours is blocked, and a script from elsewhere is, and is reported', async ({ browser }) => {
  // The complaints of this test are wanted, so nobody collects them.
  const said = Object.assign(new Complaints(), { watch: () => undefined });
  const admin = await enter(browser, said, 'admin');
  const buyer = await enter(browser, said, 'buyer');
  const before = await reports(admin);
  for (const path of ['/admin/books', '/market', '/admin/mails', '/account/security']) {
    await admin.goto(path);
    await expect(admin.locator('h1').first()).toBeVisible();
  }
  for (const path of ['/products', '/orders', '/wallet', '/team']) {
    await buyer.goto(path);
    await expect(buyer.locator('h1').first()).toBeVisible();
  }
  expect(await reports(admin), 'reports of our own pages').toBe(before);

  // Control: what the policy is for.
  await buyer.evaluate(() => {
    const script = document.createElement('script');
    script.setAttribute('data-x', '1');
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.head.append(style);
  });
  await expect.poll(() => reports(admin)).toBeGreaterThan(before);
  await expect(buyer.locator('h1').first()).toBeVisible();
  await said.close();
});

test('a refused file says which kinds are kept, and a kept one comes back as an attachment', async ({
  browser,
  complaints,
}) => {
  const seller = await enter(browser, complaints, 'seller');
  const buyer = await enter(browser, complaints, 'buyer');
  const id = await agreedOrder(buyer, seller);
  await buyer.goto(`/orders/${id}?tab=talk`);
  const input = buyer.locator('input[type=file]');

  await input.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('<script>') });
  await expect(buyer.getByRole('alert')).toContainText('PDF, PNG, JPEG, WebP, CSV');
  await shoot(buyer, 'upload-refused');
  await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(11 * 1024 * 1024) });
  await expect(buyer.getByRole('alert')).toContainText('too large');
  await input.setInputFiles({ name: '报价.txt', mimeType: 'text/plain', buffer: Buffer.from('as agreed') });
  await expect(buyer.getByText('报价.txt')).toBeVisible();

  const { items } = await api<{ items: { id: string }[] }>(buyer, `/orders/${id}/files`);
  const download = buyer.waitForEvent('download');
  await buyer.evaluate((file) => {
    const link = document.createElement('a');
    link.href = `/api/v1/files/${file}`;
    document.body.append(link);
    link.click();
  }, items[0]?.id);
  expect((await download).suggestedFilename()).toBe('报价.txt');
});

test('a demo in the clear carries a banner on every page, in both languages', async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-clear-'));
  const port = Number(process.env.ENTREPOT_E2E_PORT) + 1;
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(
    process.env.ENTREPOT_BIN as string,
    ['serve', '--demo', '--insecure-lan', '--demo-orders', '2', '--listen', `127.0.0.1:${port}`],
    {
      cwd: resolve(process.cwd(), '..'),
      env: {
        ...process.env,
        ENTREPOT_DATABASE: `sqlite://${folder}/entrepot.db`,
        ENTREPOT_FILES: `${folder}/files`,
      },
      stdio: 'ignore',
    },
  );
  try {
    await expect
      .poll(async () => (await fetch(`${url}/ready`).catch(() => undefined))?.status, { timeout: 30_000 })
      .toBe(200);
    for (const [lang, dark, width, words] of [
      ['en', false, 1440, 'Not encrypted'],
      ['zh', true, 390, '未加密'],
    ] as const) {
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width, height: 900 },
        storageState: {
          cookies: [],
          origins: [
            {
              origin: url,
              localStorage: [
                { name: 'entrepot-language', value: lang },
                { name: 'mantine-color-scheme-value', value: dark ? 'dark' : 'light' },
              ],
            },
          ],
        },
      });
      const page = await context.newPage();
      await page.goto('/sign-in');
      await expect(page.getByTestId('insecure')).toContainText(words);
      await shoot(page, `banner-sign-in-${lang}`);
      await page.getByTestId('demo-buyer').click();
      await expect(page.locator('main#main h1')).toBeVisible();
      await expect(page.getByTestId('insecure')).toContainText(words);
      await shoot(page, `banner-${lang}`);
      await context.close();
    }
  } finally {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});
