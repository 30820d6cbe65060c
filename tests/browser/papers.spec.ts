import { readFileSync } from 'node:fs';
import { api, enter, expect, type Ids, shoot, step, termsOf, test } from './fixtures';

type Terms = Record<string, unknown> & { lines: Record<string, unknown>[]; shipments: unknown[] };

/** The terms with fifty lines of the product's price. */
function long(terms: Terms): Terms {
  const line = terms.lines[0] as Record<string, unknown>;
  const lines = Array.from({ length: 50 }, (_, i) => ({
    ...line,
    product: null,
    sku: `P-${i + 1}`,
    title: `Part ${i + 1}, zinc plated 镀锌零件`,
    quantity: '7.5',
    unit_price: '1.2345',
  }));
  const [shipment] = terms.shipments as { ship_by: string }[];
  return {
    ...terms,
    lines,
    shipments: [{ ship_by: shipment?.ship_by, quantities: lines.map((l) => l.quantity) }],
  };
}

test('both sides negotiate by versions, and the newest alone can be accepted', async ({
  browser,
  complaints,
}) => {
  test.setTimeout(90_000);
  const seller = await enter(browser, complaints, 'seller');
  const buyer = await enter(browser, complaints, 'buyer');
  const terms = long((await termsOf(buyer, seller)) as unknown as Terms);
  const draft = await api<Ids>(buyer, '/orders', { terms });
  const offered = await step(buyer, draft.id, 'order.offer', { valid_days: 15 }, draft.version);
  const first = await api<{ offer: { contract_hash: string } }>(seller, `/orders/${draft.id}`);

  // The seller answers in the editor: another price for the first line.
  await seller.goto(`/orders/${draft.id}`);
  await seller.getByRole('button', { name: 'Counter-offer', exact: true }).click();
  await expect(seller.getByRole('heading', { level: 1 })).toBeVisible();
  await seller.getByLabel('Notes').fill('Palletised');
  await seller.getByRole('button', { name: 'Send counter-offer' }).click();
  await expect(seller).toHaveURL(/\/orders\/[0-9a-f]{32}$/);

  // The buyer reads what changed, field by field, and downloads the contract as it would be.
  await buyer.goto(`/orders/${draft.id}?tab=versions`);
  const versions = buyer.getByTestId('versions').locator('> li');
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText('Awaits an answer');
  await expect(versions.last()).toContainText('Superseded');
  await expect(versions.last()).toContainText(first.offer.contract_hash);
  const diff = buyer.getByTestId('version-diff').locator('> div');
  await expect(diff).toHaveCount(1);
  await expect(diff.first()).toContainText('Palletised');
  await shoot(buyer, 'papers-versions');
  const waiting = buyer.waitForEvent('download');
  await versions.first().getByRole('link', { name: 'Contract (PDF)' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^E-\w+-contract-v2-both\.pdf$/);
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = bytes.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThan(1);

  // Whoever accepts what was read before is told that there is a newer one.
  const refused = await buyer.request.post(`/api/v1/orders/${draft.id}/transitions`, {
    headers: { 'Idempotency-Key': `old-${draft.id}`, origin: new URL(buyer.url()).origin },
    data: { name: 'order.accept', params: { offer_no: 1, contract_hash: first.offer.contract_hash } },
  });
  expect(refused.status()).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'trade.offer_outdated', params: { current: '2' } });
  expect(offered.version).toBeGreaterThan(draft.version);

  await buyer.getByTestId('next-action').click();
  await buyer.getByTestId('confirm-step').click();
  await expect(versions.first()).toContainText('Agreed, in force');
  await expect(versions.first()).toContainText('Both sides accepted SHA-256');
  await shoot(buyer, 'papers-agreed');
});
