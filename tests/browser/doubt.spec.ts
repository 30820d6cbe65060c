import { randomUUID } from 'node:crypto';
import type { Browser, Route } from '../../frontend/node_modules/@playwright/test';
import { delivered, FLOWS, type Flow, type People, type Scene } from './doubt-flows';
import { api, Complaints, enter, expect, type Page, step, test } from './fixtures';

/** How often each case runs: once with every change, fifty times under `make torture`. */
const REPEAT = Number(process.env.REPEAT ?? 1);

let people: People;
const seats = new Map<string, Page>();
const complaints = new Complaints();

test.describe.configure({ mode: 'default' });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  const enterAs = (seat: 'buyer' | 'seller' | 'admin' | 'teacher') => enter(browser, complaints, seat);
  people = {
    buyer: await enterAs('buyer'),
    seller: await enterAs('seller'),
    admin: await enterAs('admin'),
    teacher: await enterAs('teacher'),
  };
  await api(people.buyer, '/wallet/pay-ins', {
    amount: { minor: '900000000', currency: 'USD' },
    reference: 'for the doubts',
  });
  // The seller earns something to withdraw.
  const id = await delivered(people);
  const { version } = await api<{ version: number }>(people.buyer, `/orders/${id}`);
  await step(people.buyer, id, 'shipment.accept', { shipment: 1 }, version);
});

test.afterAll(() => complaints.close());

/** A new tab of the flow's person; strangers get a browser of their own each time. */
async function tabOf(browser: Browser, flow: Flow): Promise<Page> {
  if (!flow.seat) return enter(browser, complaints, null);
  let home = seats.get(flow.seat);
  if (!home) {
    home = await enter(browser, complaints, flow.seat);
    seats.set(flow.seat, home);
  }
  return home.context().newPage();
}

/** Goes to the form by way of another page, inside the application, as people do. */
async function arrive(page: Page, flow: Flow, scene: Scene): Promise<void> {
  await page.goto(flow.seat ? '/orders' : '/sign-in');
  await expect(page.locator('h1').first()).toBeVisible();
  await page.evaluate((url) => history.pushState({}, '', url), scene.url);
  await scene.fill(page);
}

function button(page: Page, scene: Scene) {
  const inDialog = page.getByTestId('confirm-step');
  const inPage = page.locator('main, form').getByRole('button', { name: scene.press, exact: true });
  return inDialog.or(inPage).last();
}

/** Lets the request reach the server and keeps its answer back until told. */
async function holdAnswer(page: Page, flow: Flow) {
  let reached = () => {};
  let release = () => {};
  const arrived = new Promise<void>((done) => {
    reached = done;
  });
  const gate = new Promise<void>((done) => {
    release = done;
  });
  const handler = async (route: Route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch();
    reached();
    await gate;
    // The page that asked may be gone by now.
    await route.fulfill({ response }).catch(() => undefined);
  };
  await page.route(flow.post, handler);
  return {
    arrived,
    async release() {
      release();
      await page.unroute(flow.post, handler);
    },
  };
}

async function onceAndTrue(page: Page, scene: Scene): Promise<void> {
  await expect.poll(scene.count).toBe(1);
  await scene.truth(page);
  expect(await scene.count()).toBe(1);
}

/** Two clicks before the page can draw anything. */
const clickTwice = (page: Page, scene: Scene) =>
  button(page, scene).evaluate((element: HTMLElement) => {
    element.click();
    element.click();
  });

type Doubt = (page: Page, flow: Flow, scene: Scene) => Promise<void>;

const DOUBTS: Record<string, Doubt> = {
  async 'a double click'(page, _flow, scene) {
    await clickTwice(page, scene);
    await onceAndTrue(page, scene);
  },

  async 'a step back while the request is under way'(page, flow, scene) {
    const held = await holdAnswer(page, flow);
    await button(page, scene).click();
    await held.arrived;
    await page.goBack();
    await held.release();
    await expect.poll(scene.count).toBe(1);
    await page.goto(scene.url);
    if (flow.seat) await onceAndTrue(page, scene);
    else await scene.truth(page);
  },

  async 'a reload while the request is under way'(page, flow, scene) {
    const held = await holdAnswer(page, flow);
    await button(page, scene).click();
    await held.arrived;
    await page.reload();
    await held.release();
    // Where nothing but the form could tell, it stands open as it was, and says that sending again is safe.
    if (flow.free || !flow.seat) {
      await scene.typed(page);
      if (flow.seat) await expect(page.getByText(/Sent before, but no answer arrived/)).toBeVisible();
      await button(page, scene).click();
      if (!flow.seat) await expect(page.getByRole('alert')).toContainText(/e-mail|mail/i);
    }
    await onceAndTrue(page, scene);
  },

  async 'two tabs'(page, flow, scene) {
    const second = await page.context().newPage();
    if (flow.free) {
      await second.goto(scene.url);
      await button(page, scene).click();
      await onceAndTrue(page, scene);
      // What the other tab shows is as fresh, without a reload where it lists what happened.
      if (!second.url().includes('/orders/new')) await scene.truth(second);
    } else {
      await second.goto(scene.url);
      await scene.fill(second);
      // A tab that hears of the other in time takes its button away: that is as good.
      const press = (tab: Page) =>
        button(tab, scene)
          .click({ timeout: 3_000 })
          .catch(() => undefined);
      await Promise.all([press(page), press(second)]);
      await expect.poll(scene.count).toBe(1);
      await second.goto(scene.url);
      if (flow.seat) await scene.truth(second);
    }
    await second.close();
    if (!flow.free) await page.goto(scene.url);
    await onceAndTrue(page, scene);
  },

  async 'a lost connection that comes back'(page, _flow, scene) {
    await page.context().setOffline(true);
    await button(page, scene).click();
    await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
    expect(await scene.count()).toBe(0);
    await page.context().setOffline(false);
    await scene.typed(page);
    await button(page, scene).click();
    await onceAndTrue(page, scene);
  },

  async 'a session that ran out'(page, flow, scene) {
    await page.context().clearCookies();
    await button(page, scene).click();
    await page.waitForURL(/\/sign-in/);
    expect(await scene.count()).toBe(0);
    await page.getByTestId(`demo-${flow.seat}`).click();
    await page.waitForURL((url) => `${url.pathname}${url.search}` === scene.url);
    await scene.typed(page);
    await button(page, scene).click();
    await onceAndTrue(page, scene);
  },
};

for (const flow of FLOWS)
  for (const [doubt, run] of Object.entries(DOUBTS)) {
    // Whoever signs up has no session yet that could run out.
    if (!flow.seat && doubt === 'a session that ran out') continue;
    for (let round = 1; round <= REPEAT; round += 1)
      test(`${flow.name} takes effect once over ${doubt}${REPEAT > 1 ? ` (${round})` : ''}`, async ({
        browser,
      }) => {
        const scene = await flow.scene(people);
        const page = await tabOf(browser, flow);
        try {
          await arrive(page, flow, scene);
          await run(page, flow, scene);
        } finally {
          await page.context().setOffline(false);
          await (flow.seat ? page : page.context()).close();
        }
      });
  }

/** The rig's control: a new key for each click, as careless clients make them. */
async function withNewKeys(browser: Browser, name: string) {
  const flow = FLOWS.find((candidate) => candidate.name === name);
  if (!flow) throw new Error(`no flow ${name}`);
  const scene = await flow.scene(people);
  const page = await tabOf(browser, flow);
  const statuses: number[] = [];
  await page.route(flow.post, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const headers = { ...route.request().headers(), 'idempotency-key': randomUUID() };
    const response = await route.fetch({ headers });
    statuses.push(response.status());
    await route.fulfill({ response });
  });
  await arrive(page, flow, scene);
  await clickTwice(page, scene);
  await expect.poll(() => statuses.length).toBe(2);
  const count = await scene.count();
  await page.close();
  return { count, statuses };
}

test('with a key made anew for each click a double click pays in twice, so the rig can see it', async ({
  browser,
}) => {
  expect((await withNewKeys(browser, 'pay in')).count).toBe(2);
});

test('with a key made anew for each click the natural key of the books still pays a stage once', async ({
  browser,
}) => {
  const { count, statuses } = await withNewKeys(browser, 'fund a stage');
  expect(count).toBe(1);
  // The second is told that it was done already, or that the order has moved on.
  expect(statuses.filter((status) => status < 300).length).toBeGreaterThanOrEqual(1);
});

test('after all doubts the books are proven and no page complained', async () => {
  const proof = await api<{ findings: unknown[] }>(people.admin, '/admin/prove', {});
  expect(proof.findings).toEqual([]);
  expect(complaints.said).toEqual([]);
});
