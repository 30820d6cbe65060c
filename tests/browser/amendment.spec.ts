import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { agreedOrder, enter, expect, shoot, test } from './fixtures';

test('an amendment is compared before it is sent, and again before it is accepted', async ({
  browser,
  complaints,
}) => {
  test.setTimeout(90_000);
  const seller = await enter(browser, complaints, 'seller');
  const buyer = await enter(browser, complaints, 'buyer');
  const id = await agreedOrder(buyer, seller);
  await buyer.goto(`/orders/${id}`);
  await buyer.getByRole('button', { name: 'Propose a change' }).click();
  const dialog = buyer.getByRole('dialog', { name: 'Propose a change' });
  const send = dialog.getByTestId('confirm-step');
  await expect(dialog.getByText('Nothing changed yet')).toBeVisible();
  await expect(send).toBeDisabled();

  // A date that has passed is refused before anything is sent.
  const shipBy = dialog.getByLabel('Ship by');
  const agreedDate = await shipBy.inputValue();
  await shipBy.fill('2020-01-01');
  await expect(dialog.getByRole('alert')).toContainText('cannot move into the past');
  await shipBy.fill(agreedDate);
  await expect(send).toBeDisabled();

  const quantity = dialog.getByLabel(/^Quantity in/);
  const double = String(Number(await quantity.inputValue()) * 2);
  await quantity.fill(double);
  await dialog.getByLabel('City', { exact: true }).fill('Bremen');
  await dialog.getByLabel('Notes').fill('Palletised, please.');
  const diff = dialog.getByTestId('amendment-diff');
  for (const said of ['quantity', 'Delivery address', 'Bremen', 'Palletised', 'Order total'])
    await expect(diff).toContainText(said);
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await shoot(buyer, 'amendment');
  await send.click();
  await expect(buyer.getByRole('status').filter({ hasText: 'Done: Propose a change' })).toBeVisible();

  await seller.goto(`/orders/${id}`);
  const proposal = seller.getByRole('region', { name: 'Open proposal' });
  await expect(proposal.getByTestId('amendment-diff')).toContainText('Bremen');
  await shoot(seller, 'amendment-proposed');
  await seller.getByTestId('next-action').click();
  await seller.getByTestId('confirm-step').click();
  await expect(proposal).toHaveCount(0);
  await buyer.getByRole('link', { name: 'Contract' }).click();
  await expect(buyer.getByText('Bremen')).toBeVisible();
  await expect(buyer.getByText('Palletised, please.')).toBeVisible();
});

test('the form of an amendment fits a telephone and a screen reader', async ({ browser, complaints }) => {
  const look = { width: 360, lang: 'zh', dark: true } as const;
  const seller = await enter(browser, complaints, 'seller', look);
  const buyer = await enter(browser, complaints, 'buyer', look);
  await buyer.goto(`/orders/${await agreedOrder(buyer, seller)}`);
  await buyer.getByRole('button', { name: '提议变更' }).click();
  const dialog = buyer.getByRole('dialog', { name: '提议变更' });
  // By keyboard alone: into the first field, type, and the comparison follows.
  await dialog.getByRole('textbox', { name: '货物', exact: true }).first().focus();
  await buyer.keyboard.press('End');
  await buyer.keyboard.type(' M8');
  await expect(dialog.getByTestId('amendment-diff')).toContainText('M8');
  const { violations } = await new AxeBuilder({ page: buyer }).include('[role="dialog"]').analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)).toEqual([]);
  const wider = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(wider).toBeLessThanOrEqual(0);
  await shoot(buyer, 'amendment-360');
});
