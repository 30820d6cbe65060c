import { agreedOrder, api, enter, expect, test } from './fixtures';

test('a double click pays once, and the second tab sees it without a reload', async ({
  browser,
  complaints,
}) => {
  const seller = await enter(browser, complaints, 'seller');
  const buyer = await enter(browser, complaints, 'buyer');
  const id = await agreedOrder(buyer, seller);
  const second = await buyer.context().newPage();
  await second.goto(`/orders/${id}`);
  await buyer.goto(`/orders/${id}`);
  await expect(second.getByTestId('next-action')).toHaveText(/Pay into holding · Stage 1/);

  await buyer.getByTestId('next-action').click();
  await buyer.getByTestId('confirm-step').dblclick();
  await expect(buyer.getByTestId('next-action')).toHaveText(/Pay into holding · Stage 2/);
  await expect(second.getByTestId('next-action')).toHaveText(/Pay into holding · Stage 2/);

  const events = await api<{ items: { step: string; id: string }[] }>(buyer, `/orders/${id}/events`);
  expect(events.items.filter((event) => event.step === 'stage.fund')).toHaveLength(1);
  const journals = await api<{ items: { event_id: string; lines: { account: string }[] }[] }>(
    buyer,
    `/orders/${id}/journals`,
  );
  expect(new Set(journals.items.map((journal) => journal.event_id)).size).toBe(1);
  const order = await api<{ money: { held: unknown }; stages: { amount: unknown }[] }>(
    buyer,
    `/orders/${id}`,
  );
  expect(order.money.held).toEqual(order.stages[0]?.amount);
});

test('seven tabs share one live stream, and the next tab takes it over', async ({ browser, complaints }) => {
  const first = await enter(browser, complaints, 'buyer');
  const context = first.context();
  let streams = 0;
  const count = (request: { url(): string }) => {
    if (new URL(request.url()).pathname === '/api/v1/live') streams += 1;
  };
  await first.goto('about:blank');
  context.on('request', count);
  const tabs = [first];
  while (tabs.length < 7) tabs.push(await context.newPage());
  for (const tab of tabs) {
    await tab.goto('/orders');
    await expect(tab.locator('main#main h1')).toBeVisible();
  }
  await expect.poll(() => streams).toBe(1);
  await first.waitForTimeout(1500);
  expect(streams).toBe(1);
  await first.close();
  await expect.poll(() => streams).toBe(2);
});
