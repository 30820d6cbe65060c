import AxeBuilder from '../../frontend/node_modules/@axe-core/playwright';
import { api, enter, expect, type Ids, type Page, sellerCompany, shoot, test } from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function check(page: Page, name: string) {
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await shoot(page, `asked-${name}`);
  expect.soft(found, `axe on ${name}`).toEqual([]);
  expect.soft(wider, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Status and kind of what a link leads to, asked for as the person of the page. */
async function fetched(page: Page, href: string) {
  return page.evaluate(async (href) => {
    const reply = await fetch(href);
    return { status: reply.status, type: reply.headers.get('content-type') };
  }, href);
}

const LOOKS = [
  { name: '1440-en', width: 1440, lang: 'en', dark: false },
  { name: '390-zh-dark', width: 390, lang: 'zh', dark: true },
  { name: '390-en', width: 390, lang: 'en', dark: false },
  { name: '1440-zh-dark', width: 1440, lang: 'zh', dark: true },
] as const;

/** What the screens say in either language. */
const SAID = {
  en: {
    ask: 'Ask the buyer',
    askSend: 'Ask',
    answer: 'Answer to all suppliers',
    answerSend: 'Answer before all',
    waits: 'waits for an answer',
    proforma: 'Proforma invoice (PDF)',
    report: 'Verification report (PDF)',
    follows: 'What follows',
    why: 'Why, as both companies read it',
    pictures: 'Picture shows something else',
  },
  zh: {
    ask: '向买方提问',
    askSend: '提问',
    answer: '回答（对所有供应商公开）',
    answerSend: '公开回答',
    waits: '待回答',
    proforma: '形式发票（PDF）',
    report: '认证报告（PDF）',
    follows: '处理结果',
    why: '理由（双方企业可见）',
    pictures: '图片不符',
  },
} as const;

/** A request with a specification, as the demo buyer writes it by the API. */
async function request(buyer: Page, supplier: string, title: string): Promise<Ids> {
  const { clock } = await api<{ clock: { now: string } }>(buyer, '/market');
  const file = await buyer.evaluate(async () => {
    const reply = await fetch('/api/v1/sourcing-files?name=drawing.txt', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: 'M8 x 40, zinc plated, drawing 17',
    });
    return ((await reply.json()) as Ids).id;
  });
  return api<Ids>(buyer, '/rfqs', {
    title,
    currency: 'USD',
    destination: 'DE',
    visibility: 'invited',
    invited: [supplier],
    incoterm: { code: 'FOB', place: 'Ningbo' },
    lead_days: 30,
    deadline: new Date(Date.parse(clock.now) + 20 * 86_400_000).toISOString().slice(0, 10),
    lines: [{ title: 'Bolt M8', category: 'fasteners', unit: 'pcs', quantity: '1000', target_price: '0.05' }],
    quality_points: [
      { point: 'Thread', bound: 'within', value: '8', tolerance: '0.05', unit: 'mm', method: '6g' },
    ],
    aql: { level: 'II', critical: '0', major: '2.5', minor: '4' },
    file_ids: [file],
  });
}

for (const look of LOOKS)
  test(`a question is answered before all, and the proforma is one click away: ${look.name}`, async ({
    browser,
    complaints,
  }) => {
    test.setTimeout(120_000);
    const said = SAID[look.lang];
    const seller = await enter(browser, complaints, 'seller', look);
    const buyer = await enter(browser, complaints, 'buyer', look);
    const rfq = await request(buyer, (await sellerCompany(seller)).id, `Bolts ${look.name}`);

    await seller.goto(`/rfqs/${rfq.id}`);
    const file = seller.getByRole('link', { name: 'drawing.txt' });
    await expect(file).toBeVisible();
    expect((await fetched(seller, (await file.getAttribute('href')) ?? '')).status).toBe(200);
    await expect(seller.getByText('AQL').first()).toBeVisible();
    await seller.getByLabel(said.ask).fill('Is zinc plating enough?');
    await seller.getByRole('button', { name: said.askSend, exact: true }).dblclick();
    await expect(seller.getByText(said.waits)).toHaveCount(1);
    await check(seller, `question-${look.name}`);

    await buyer.goto(`/rfqs/${rfq.id}`);
    await expect(buyer.getByText(said.waits)).toBeVisible();
    await buyer.getByLabel(said.answer).fill('Yes, 8 micrometres.');
    await check(buyer, `answer-${look.name}`);
    await buyer.getByRole('button', { name: said.answerSend }).dblclick();
    await expect(buyer.getByText(said.waits)).toHaveCount(0);
    await seller.reload();
    await expect(seller.getByText('Yes, 8 micrometres.')).toHaveCount(1);

    // An attachment goes with the quote.
    await seller
      .locator('input[type="file"]')
      .last()
      .setInputFiles({
        name: 'offer.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from(`offer of ${look.name}`),
      });
    await expect(seller.getByText('offer.txt')).toBeVisible();
    const quote = await api<Ids>(seller, `/rfqs/${rfq.id}/quotes`, {
      lines: [{ line: 1, sku: 'B-8', ladder: [{ from_quantity: '1000', unit_price: '0.04' }] }],
      lead_days: 20,
      incoterm: { code: 'FOB', place: 'Ningbo' },
      validity_days: 20,
      stages: [{ kind: 'balance', trigger: 'before_dispatch', share_bps: 10_000 }],
    });
    await api(buyer, `/rfqs/${rfq.id}/award`, {
      awards: [{ quote_id: quote.id, version: 1, lines: [{ line: 1, quantity: '1000' }] }],
    });
    await buyer.reload();
    const paper = buyer.getByRole('link', { name: said.proforma, exact: true });
    await expect(paper).toBeVisible();
    const got = await fetched(buyer, (await paper.getAttribute('href')) ?? '');
    expect(got).toEqual({ status: 200, type: 'application/pdf' });
    await check(buyer, `awarded-${look.name}`);
    await seller.reload();
    const own = seller.getByRole('link', { name: said.proforma, exact: true });
    const theirs = await fetched(seller, (await own.getAttribute('href')) ?? '');
    expect(theirs).toEqual({ status: 200, type: 'application/pdf' });
  });

for (const look of LOOKS.slice(0, 2))
  test(`what is reported is settled, and listings are looked at: ${look.name}`, async ({
    browser,
    complaints,
  }) => {
    test.setTimeout(120_000);
    const said = SAID[look.lang];
    const seller = await enter(browser, complaints, 'seller', look);
    const company = await sellerCompany(seller);
    const buyer = await enter(browser, complaints, 'buyer', look);
    const subject = `Cash ${look.name}`;
    const inquiry = await api<Ids>(buyer, '/inquiries', {
      seller: company.id,
      subject,
      text: 'Pay me in cash.',
    });
    await api(seller, `/inquiries/${inquiry.id}/report`, { reason: 'fraud', note: 'Asks for cash.' });

    const admin = await enter(browser, complaints, 'admin', look);
    await admin.goto(`/inquiries/${inquiry.id}`);
    await admin.getByLabel(said.follows).selectOption('warn');
    await expect(admin.getByTestId('settle')).toBeDisabled();
    await admin.getByLabel(said.why).fill('No cash beside the platform.');
    await check(admin, `settle-${look.name}`);
    await admin.getByTestId('settle').dblclick();
    await expect(admin.getByTestId('settle')).toHaveCount(0);
    await seller.goto(`/inquiries/${inquiry.id}`);
    await expect(seller.getByText('No cash beside the platform.')).toHaveCount(1);
    await check(seller, `settled-${look.name}`);
    await admin.goto('/inquiries');
    await expect(admin.getByText(subject)).toHaveCount(0);

    await api(admin, '/market/capabilities', { name: 'listing_review', on: true });
    const sku = `RV-${Date.now()}`;
    await api(seller, '/products', {
      sku,
      title: `Reviewed screw ${sku}`,
      category: 'fasteners',
      description: 'Steel, zinc plated.',
      hs_code: '731815',
      unit: 'pcs',
      origin: 'CN',
      currency: 'USD',
      moq: '1000',
      ladder: [{ from_quantity: '1000', unit_price: '0.0035' }],
      lead_days: 14,
      incoterm: { code: 'FOB', place: 'Ningbo' },
    });
    await admin.goto('/admin/listings');
    const waiting = admin.getByTestId('waiting-listing').filter({ hasText: sku });
    await expect(waiting).toHaveCount(1);
    await check(admin, `queue-${look.name}`);
    await waiting.getByLabel(said.pictures).check();
    await waiting.getByTestId('return-listing').dblclick();
    await expect(waiting).toHaveCount(0);
    await seller.goto('/own-products');
    await expect(seller.getByText(said.pictures).first()).toBeVisible();
    await check(seller, `returned-${look.name}`);
    await api(admin, '/market/capabilities', { name: 'listing_review', on: false });

    await buyer.goto(`/companies/${company.id}/proofs`);
    const report = buyer.getByRole('link', { name: said.report, exact: true });
    const got = await fetched(buyer, (await report.getAttribute('href')) ?? '');
    expect(got).toEqual({ status: 200, type: 'application/pdf' });
    await check(buyer, `report-${look.name}`);
    await buyer.goto('/rfqs/new');
    await check(buyer, `writer-${look.name}`);
  });
