// Measures what people feel, against a running server in demo mode: LCP, FCP, layout shift, blocking time, the longest
// answer to scripted input, and bytes, with a cold cache, at full and at a quarter of the processor's speed.
// Medians of several loads. `npm run vitals [-- --json] [-- --runs 5]`, with ENTREPOT_URL and, if need be, CHROMIUM.
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const { values: asked } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
});
const base = process.env.ENTREPOT_URL ?? 'http://127.0.0.1:8080';
const runs = Number(asked.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1 on');
/** What the first page is held to, in milliseconds. */
const LCP_LIMIT = 800;
const LCP_AIM = 300;
/** A page is at rest when nothing was painted, asked for or computed for this long. */
const REST_MS = 400;

/** Runs in the page before everything else and collects what the browser reports. */
function observe() {
  const seen = { lcp: 0, fcp: 0, cls: 0, blocking: 0, longest: 0, inp: 0, last: performance.now() };
  window.__vitals = seen;
  const on = (type, each, options = {}) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) each(entry);
      seen.last = performance.now();
    }).observe({ type, buffered: true, ...options });
  on('largest-contentful-paint', (entry) => {
    seen.lcp = entry.startTime;
  });
  on('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') seen.fcp = entry.startTime;
  });
  on('layout-shift', (entry) => {
    if (!entry.hadRecentInput) seen.cls += entry.value;
  });
  on('longtask', (entry) => {
    seen.blocking += Math.max(0, entry.duration - 50);
    seen.longest = Math.max(seen.longest, entry.duration);
  });
  on('resource', () => {});
  on(
    'event',
    (entry) => {
      if (entry.interactionId) seen.inp = Math.max(seen.inp, entry.duration);
    },
    { durationThreshold: 16 },
  );
}

const main = (page) => page.locator('main#main');

/** Types a text key by key, as people do: each key is an interaction. */
async function type(field, text) {
  await field.click();
  await field.pressSequentially(text, { delay: 30 });
}

/** The pages, and what a person does on each. */
function pagesOf({ product, order }) {
  return [
    [
      'products',
      '/products',
      (page) => type(main(page).getByRole('searchbox').or(main(page).getByRole('textbox')).first(), 'lamp'),
    ],
    ['product', `/products/${product}`, (page) => type(main(page).getByRole('textbox').first(), '25')],
    [
      'order cockpit',
      `/orders/${order}`,
      async (page) => {
        for (const tab of await main(page).locator('a[href*="tab="]').all()) await tab.click();
      },
    ],
    ['wallet', '/wallet', (page) => type(main(page).getByLabel('Amount').first(), '1250.50')],
  ];
}

async function rest(page) {
  await page.locator('main#main h1').first().waitFor();
  await page.waitForFunction(
    (quiet) =>
      document.querySelector('[aria-busy="true"]') === null &&
      performance.now() - window.__vitals.last > quiet,
    REST_MS,
  );
}

/** Loads a page once with nothing cached. */
async function load(browser, state, path, act, slowdown) {
  const context = await browser.newContext({
    baseURL: base,
    storageState: state,
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await page.addInitScript(observe);
  const devtools = await context.newCDPSession(page);
  const kinds = new Map();
  const bytes = { script: 0, style: 0, other: 0 };
  devtools.on('Network.responseReceived', ({ requestId, type: kind }) => kinds.set(requestId, kind));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    bytes[kind === 'Script' ? 'script' : kind === 'Stylesheet' ? 'style' : 'other'] += encodedDataLength;
  });
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(path);
  await rest(page);
  const { lcp, fcp, cls, blocking, longest } = await page.evaluate(() => window.__vitals);
  const loaded = { ...bytes };
  await act(page);
  await page.waitForTimeout(REST_MS);
  const { inp } = await page.evaluate(() => window.__vitals);
  await context.close();
  return { lcp, fcp, cls, blocking, longest, inp, ...loaded, requests: kinds.size };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const medians = (rows) =>
  Object.fromEntries(Object.keys(rows[0]).map((name) => [name, median(rows.map((row) => row[name]))]));

/** Signs the demo buyer in and finds something to look at. */
async function prepare(browser) {
  const context = await browser.newContext({ baseURL: base, locale: 'en-GB' });
  const headers = { Origin: new URL(base).origin };
  const signed = await context.request.post('/api/v1/auth/demo', { headers, data: { seat: 'buyer' } });
  if (!signed.ok())
    throw new Error(`${base} answers ${signed.status()} to a demo sign-in; start it with --demo`);
  const first = async (path) => (await (await context.request.get(`/api/v1${path}`)).json()).items?.[0]?.id;
  const [product, order] = [await first('/products?limit=1'), await first('/orders?role=buyer')];
  if (!product || !order) throw new Error('the market has no product or no order to show');
  const state = await context.storageState();
  await context.close();
  return { state, pages: pagesOf({ product, order }) };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--disable-sync',
  ],
});
const results = [];
try {
  const { state, pages } = await prepare(browser);
  for (const slowdown of [1, 4])
    for (const [name, path, act] of pages) {
      const rows = [];
      while (rows.length < runs) rows.push(await load(browser, state, path, act, slowdown));
      results.push({ page: name, cpu: `${slowdown}x slower`.replace('1x slower', 'full'), ...medians(rows) });
    }
} finally {
  await browser.close();
}

const first = results[0];
const report = {
  url: base,
  runs,
  lcp_limit_ms: LCP_LIMIT,
  lcp_aim_ms: LCP_AIM,
  within: first.lcp <= LCP_LIMIT,
  results,
};
if (asked.json) console.log(JSON.stringify(report, null, 2));
else {
  const ms = (value) => `${Math.round(value)} ms`;
  const kb = (value) => `${(value / 1000).toFixed(1)} kB`;
  console.table(
    results.map((row) => ({
      page: row.page,
      cpu: row.cpu,
      LCP: ms(row.lcp),
      FCP: ms(row.fcp),
      CLS: row.cls.toFixed(3),
      blocking: ms(row.blocking),
      'longest task': ms(row.longest),
      INP: ms(row.inp),
      script: kb(row.script),
      style: kb(row.style),
      other: kb(row.other),
      requests: row.requests,
    })),
  );
  console.log(
    `first page: LCP ${ms(first.lcp)}, limit ${LCP_LIMIT} ms, aim ${LCP_AIM} ms: ${report.within ? 'within' : 'over'} the limit`,
  );
}
