import { execFileSync } from 'node:child_process';
import { dollarProduct, enter, expect, type Page, sellerCompany, shoot, test } from './fixtures';

/** Presses the next action of the cockpit and confirms it. */
async function take(page: Page, step: RegExp, fill?: (page: Page) => Promise<void>) {
  const button = page.getByTestId('next-action');
  await expect(button).toHaveText(step);
  const name = await button.innerText();
  await button.click();
  await fill?.(page);
  await page.getByTestId('confirm-step').click();
  await expect(page.getByRole('status').filter({ hasText: `Done: ${name}` })).toBeVisible();
}

/** The row of a stage or a shipment in the cockpit's overview. */
const part = (page: Page, list: 'Payment stages' | 'Shipments', name: string) =>
  page.getByRole('region', { name: list }).locator('ul.parts > li').filter({ hasText: name });

test('an order from the product page to the released money, and the books proven', async ({
  browser,
  complaints,
}) => {
  test.setTimeout(120_000);
  const seller = await enter(browser, complaints, 'seller');
  const supplier = await sellerCompany(seller);
  const buyer = await enter(browser, complaints, 'buyer');

  // The buyer finds the supplier's product and writes an order for it.
  const product = await dollarProduct(buyer, supplier.id);
  await buyer.goto(`/companies/${supplier.id}`);
  await expect(buyer.getByRole('heading', { level: 1, name: supplier.name })).toBeVisible();
  await buyer.getByRole('link', { name: product.title }).first().click();
  await expect(buyer.getByRole('heading', { level: 1, name: product.title })).toBeVisible();
  await shoot(buyer, '01-product');
  await buyer.getByRole('button', { name: 'Write an order' }).click();
  await expect(buyer.getByRole('heading', { level: 1, name: 'New order' })).toBeVisible();
  await expect(buyer.getByLabel('Ship by')).not.toHaveValue('');
  await buyer.getByRole('button', { name: '30/70', exact: true }).click();
  await buyer.getByRole('button', { name: 'Add a shipment' }).click();
  await expect(buyer.getByLabel('Ship by')).toHaveCount(2);
  for (const [label, value] of [
    ['Recipient', 'Dock 4'],
    ['Street', '12 Harbour Road'],
    ['Postcode', '20457'],
    ['City', 'Hamburg'],
    ['Region', 'Hamburg'],
    ['Country (two letters)', 'DE'],
  ] as const)
    await buyer.getByLabel(label, { exact: true }).fill(value);
  // Without a point that can be measured nothing can be offered.
  const points = buyer.getByRole('group', { name: /^Quality point/ });
  while (await points.count()) await buyer.getByRole('button', { name: 'Remove quality point 1' }).click();
  await expect(buyer.getByRole('button', { name: 'Send offer' })).toBeDisabled();
  await buyer.getByRole('button', { name: 'Quantity as packed' }).click();
  await shoot(buyer, '02-terms');
  await buyer.getByRole('button', { name: 'Send offer' }).click();
  await expect(buyer).toHaveURL(/\/orders\/[0-9a-f]{32}$/);
  const url = new URL(buyer.url()).pathname;
  const heading = buyer.locator('main#main h1');
  await expect(heading).toHaveText(/^E-/);
  const number = await heading.innerText();

  // The seller finds it among the orders and accepts; the buyer sees it without a reload.
  await seller.goto('/orders');
  await seller.getByRole('link', { name: number }).first().click();
  await take(seller, /Accept offer/);
  await shoot(seller, '03-agreed');
  await expect(buyer.getByTestId('next-action')).toHaveText(/Pay into holding · Stage 1/);

  await take(buyer, /Pay into holding · Stage 1/);
  await take(buyer, /Pay into holding · Stage 2/);
  await take(buyer, /Pay into holding · Stage 3/);
  await expect(part(buyer, 'Payment stages', '3. Balance')).toContainText('Held');
  await shoot(buyer, '04-paid');

  for (const no of [1, 2])
    await take(seller, new RegExp(`Dispatch · Shipment ${no}`), async (page) => {
      await page.getByLabel('Carrier').fill('Northern Star Line');
      await page.getByLabel('Tracking number').fill(`NSL000${no}`);
    });
  await shoot(seller, '05-dispatched');

  // The teacher lets a month pass: the carrier delivers both shipments.
  const teacher = await enter(browser, complaints, 'teacher');
  await teacher.goto('/market');
  await teacher.getByTestId('clock-next-deadline').click();
  await expect(teacher.getByRole('status').filter({ hasText: 'deadline' })).toBeVisible();
  await teacher.getByRole('button', { name: '+30 d' }).click();
  await expect(part(buyer, 'Shipments', 'Shipment 1').getByText('Delivered', { exact: true })).toBeVisible();
  await shoot(teacher, '06-clock');
  await take(buyer, /Accept goods and release the money · Shipment 1/);
  await expect(part(buyer, 'Shipments', 'Shipment 1').getByText('Accepted', { exact: true })).toBeVisible();
  await shoot(buyer, '07-accepted');

  // Nobody answers for the second shipment: after its days it is accepted by time.
  await teacher.getByRole('button', { name: '+30 d' }).click();
  await expect(
    part(buyer, 'Shipments', 'Shipment 2').getByText('Accepted by time', { exact: true }),
  ).toBeVisible();
  await shoot(buyer, '08-completed');

  await seller.goto('/wallet');
  const statement = seller.getByRole('region', { name: 'Statement' });
  await expect(statement.getByRole('row').nth(1)).toBeVisible();
  const dollars = statement.getByRole('radio', { name: 'USD' });
  if (await dollars.count()) await dollars.check({ force: true });
  const release = statement.getByRole('row').filter({ hasText: number });
  await expect(release.first()).toBeVisible();
  expect(await release.count()).toBeGreaterThanOrEqual(2);
  await shoot(seller, '09-wallet');

  const admin = await enter(browser, complaints, 'admin');
  await admin.goto('/admin/books');
  await admin.getByRole('button', { name: 'Prove the books' }).click();
  await expect(admin.getByText('All checks hold')).toBeVisible();
  await shoot(admin, '10-books');
  await admin.goto(url);
  await expect(admin.getByRole('heading', { level: 1, name: number })).toBeVisible();

  // And the same proof from the command line, while the server runs. A failure exits otherwise than 0.
  const said = execFileSync(process.env.ENTREPOT_BIN as string, [
    'verify',
    '--database',
    process.env.ENTREPOT_DATABASE as string,
  ]);
  expect(JSON.parse(said.toString()).findings).toEqual([]);
});
