import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { enter, expect, test } from './fixtures';

const HOSTILE = '<img src=x onerror=alert(1)>"><script>alert(2)</script>{{7*7}}';

test('a seller writes a product, is told what it lacks, and buyers find it at once', async ({
  browser,
  complaints,
}) => {
  const seller = await enter(browser, complaints, 'seller');
  await seller.goto('/products');
  await seller.getByRole('link', { name: 'New product' }).click();
  await seller.getByLabel('Title in English').fill(`Quillfeather lamp 40 W ${HOSTILE}`);
  await seller.getByLabel('SKU').fill(`QF-${Date.now()}`);
  await seller.getByLabel('HS code').fill('94');
  await seller.getByLabel('Place of the delivery term').fill('Ningbo');
  await seller.getByLabel('Description').fill(HOSTILE);
  await seller.getByLabel('Unit price').fill('12.50');
  await seller.getByRole('button', { name: 'List the product' }).click();
  await expect(seller.getByText(/HS code has 6 to 10 digits|6 to 10 digits/i).first()).toBeVisible();

  await seller.getByLabel('HS code').fill('94054090');
  await expect(seller.getByTestId('quality')).toHaveText('30 of 100');
  await seller.getByRole('button', { name: 'Add a quantity' }).click();
  await seller.getByLabel('From').nth(1).fill('1000');
  await seller.getByLabel('Unit price').nth(1).fill('11.90');
  await expect(seller.getByTestId('quality')).toHaveText('35 of 100');
  expect((await new AxeBuilder({ page: seller }).analyze()).violations.map((v) => v.id)).toEqual([]);
  await seller.getByRole('button', { name: 'List the product' }).click();
  await expect(seller.locator('h1')).toContainText('Quillfeather lamp');

  const buyer = await enter(browser, complaints, 'buyer');
  await buyer.goto('/products?q=quillfeather');
  await expect(async () => {
    await buyer.reload();
    await expect(buyer.locator('.card-title').first()).toContainText('Quillfeather', { timeout: 1_500 });
  }).toPass();
  await buyer.locator('.card-title').first().click();
  await expect(buyer.locator('h1')).toContainText('<script>alert(2)</script>');
  await expect(buyer.getByRole('link', { name: 'Change it' })).toHaveCount(0);

  await seller.getByRole('link', { name: 'Change it' }).click();
  await seller.getByLabel('Title in English').fill('Quillfeather lamp, 60 W');
  await seller.getByRole('button', { name: 'Save the changes' }).click();
  await expect(seller.locator('h1')).toHaveText('Quillfeather lamp, 60 W');
});
