import { createHmac } from 'node:crypto';
import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { enter, expect, type Page, shoot, test } from './fixtures';

const PASSWORD = 'quiet-harbour-lamp-seventeen';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The code an authenticator app shows for a seed (RFC 6238). */
function code(secret: string, at = Date.now()): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const seed = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const tag = createHmac('sha1', seed).update(step).digest();
  const offset = (tag[19] ?? 0) & 15;
  return String((tag.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function check(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `account-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

async function signUp(page: Page, email: string) {
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill('Anna Berg');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByLabel('Company').fill(`Company of ${email}`);
  await page.getByLabel('Country').fill('DE');
  await page.getByLabel('Registration number').fill(`HRB ${email}`);
  await page.getByLabel('We sell').check();
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.locator('main#main h1')).toBeVisible();
}

/** The link to a page in the newest mail to an address, as the demo's admin reads it. */
async function link(admin: Page, email: string, page: string): Promise<string> {
  await admin.goto('/admin/mails');
  const row = admin.getByRole('row').filter({ hasText: email }).first();
  await row.getByRole('button', { name: 'Open' }).click();
  const text = await admin.locator('.mail-text').innerText();
  const found = new RegExp(`/${page}#[0-9a-f]{64}`).exec(text)?.[0];
  if (!found) throw new Error(`no link to ${page} in: ${text}`);
  return found;
}

test('a new user verifies the address, turns the second factor on, and signs in with it', async ({
  browser,
  complaints,
}) => {
  const email = 'anna.berg@example.com';
  const admin = await enter(browser, complaints, 'admin');
  const page = await enter(browser, complaints, null);
  await signUp(page, email);
  await expect(page.getByText(`We sent a link to ${email}`)).toBeVisible();
  await page.goto(await link(admin, email, 'verify-email'));
  await expect(page.getByText('Your address is verified')).toBeVisible();
  expect(page.url()).not.toContain('#');

  await page.goto('/account/security');
  await expect(page.getByText('We sent a link')).toHaveCount(0);
  await page.getByRole('button', { name: 'Turn on' }).click();
  const secret = await page.getByTestId('factor-secret').innerText();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await check(page, 'enrol');
  await page.getByLabel('First code of the app').fill(code(secret));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByTestId('recovery-codes').getByRole('listitem')).toHaveCount(10);
  const recovery = await page.getByTestId('recovery-codes').getByRole('listitem').first().innerText();
  await shoot(page, 'account-recovery');
  await page.getByRole('button', { name: 'I have stored them' }).click();
  await expect(page.getByText('10 recovery codes left')).toBeVisible();
  await check(page, 'security');

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(/sign-in/);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Code').fill(recovery);
  await shoot(page, 'account-sign-in-code');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.locator('main#main h1')).toBeVisible();
  await page.goto('/account/security');
  await expect(page.getByText('9 recovery codes left')).toBeVisible();
});

test('a sensitive step asks who it is and is then repeated under the same key', async ({
  browser,
  complaints,
}) => {
  const page = await enter(browser, complaints, null);
  await signUp(page, 'carl@example.com');
  await page.goto('/team');
  const keys: (string | undefined)[] = [];
  const bodies: (string | null)[] = [];
  await page.route('**/api/v1/team/invitations', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    keys.push(route.request().headers()['idempotency-key']);
    bodies.push(route.request().postData());
    if (keys.length > 1) return route.continue();
    return route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        code: 'identity.step_up_needed',
        status: 403,
        title: '',
        detail: '',
        params: { password: 'true', code: 'false' },
      }),
    });
  });
  await page.getByLabel('Email').fill('dora@example.com');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Is it you?' });
  await dialog.getByLabel(/^Password/).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await check(page, 'step-up');
  await dialog.getByLabel(/^Password/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText('The invitation is on its way')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'dora@example.com' })).toBeVisible();
  expect(keys[1]).toBe(keys[0]);
  expect(bodies[1]).toBe(bodies[0]);
  await check(page, 'team');
});

test('an invited colleague joins with a new account', async ({ browser, complaints }) => {
  const admin = await enter(browser, complaints, 'admin');
  const owner = await enter(browser, complaints, null);
  await signUp(owner, 'emil@example.com');
  await owner.goto('/team');
  await owner.getByLabel('Email').fill('fred@example.com');
  await owner.getByRole('button', { name: 'Invite' }).click();
  await expect(owner.getByText('The invitation is on its way')).toBeVisible();
  const page = await enter(browser, complaints, null);
  await page.goto(await link(admin, 'fred@example.com', 'invitation'));
  await page.getByLabel('Your name').fill('Fred');
  await page.getByLabel(/^Password/).fill('fred-rows-across-the-bay');
  await check(page, 'invitation');
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page.locator('main#main h1')).toBeVisible();
  await page.goto('/team');
  await expect(page.getByRole('row').filter({ hasText: 'fred@example.com' })).toContainText('trader');
});

test('a forgotten password is set anew', async ({ browser, complaints }) => {
  const admin = await enter(browser, complaints, 'admin');
  const page = await enter(browser, complaints, null);
  await signUp(page, 'gina@example.com');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.waitForURL(/forgotten-password/);
  await page.getByLabel('Email').fill('gina@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText('Look into your mail')).toBeVisible();
  await check(page, 'forgotten');
  await expect(async () => {
    await page.goto(await link(admin, 'gina@example.com', 'reset-password'));
  }).toPass();
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText(/at least 15 characters, or 8/)).toBeVisible();
  await page.getByLabel('New password').fill('seventeen-lamps-by-the-quay');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('The new password is set')).toBeVisible();
  await check(page, 'reset');
});

for (const look of [
  { name: '1440-en', width: 1440, lang: 'en', dark: false },
  { name: '360-zh-dark', width: 360, lang: 'zh', dark: true },
] as const)
  test(`the account's screens are accessible and fit at ${look.name}`, async ({ browser, complaints }) => {
    test.setTimeout(90_000);
    const door = await enter(browser, complaints, null, look);
    for (const path of [
      '/forgotten-password',
      '/reset-password',
      '/verify-email',
      '/invitation',
      '/first-admin',
    ]) {
      await door.goto(path);
      await check(door, `${path.slice(1)}-${look.name}`);
    }
    const admin = await enter(browser, complaints, 'admin', look);
    const buyer = await enter(browser, complaints, 'buyer', look);
    for (const [page, path] of [
      [admin, '/admin/mails'],
      [admin, '/admin/users'],
      [admin, '/team'],
      [buyer, '/team'],
      [buyer, '/account/security'],
    ] as const) {
      await page.goto(path);
      await check(
        page,
        `${path.replaceAll('/', '-').slice(1)}-${page === admin ? 'admin' : 'buyer'}-${look.name}`,
      );
    }
  });
