import {
  agreedOrder,
  api,
  expect,
  type Ids,
  offeredOrder,
  type Page,
  type Seat,
  sellerCompany,
  step,
  termsOf,
} from './fixtures';

/** People whose pages only ask the API: what happened is read and prepared by them, whatever becomes of the tested page. */
export interface People {
  buyer: Page;
  seller: Page;
  admin: Page;
  teacher: Page;
}

/** One form, ready to be filled in and sent. */
export interface Scene {
  url: string;
  /** Fills the form in, from its page as it opens. */
  fill(page: Page): Promise<void>;
  /** Says that the form stands open again with what was typed. */
  typed(page: Page): Promise<void>;
  press: string | RegExp;
  /** How often the step took effect, as the books, the history or the list tell. */
  count(): Promise<number>;
  /** What the page must show once it has. */
  truth(page: Page): Promise<void>;
}

export interface Flow {
  name: string;
  seat: Seat | null;
  /** The request that takes effect. */
  post: RegExp;
  /** True when each form filled in is an intent of its own: two tabs may rightly send two. */
  free?: boolean;
  scene(people: People): Promise<Scene>;
}

let counter = 0;
/** A number no other run of a flow has. */
const fresh = () => {
  counter += 1;
  return counter;
};

const transitions = /\/orders\/[0-9a-f]+\/transitions$/;
const versionOf = async (page: Page, id: string) =>
  (await api<{ version: number }>(page, `/orders/${id}`)).version;
const take = async (page: Page, id: string, name: string, params: unknown) =>
  step(page, id, name, params, await versionOf(page, id));

async function timesIn(page: Page, id: string, name: string): Promise<number> {
  const { items } = await api<{ items: { step: string }[] }>(page, `/orders/${id}/events`);
  return items.filter((event) => event.step === name).length;
}

/** Two readings a moment apart, or of two places, that do not agree (yet). */
const TORN = -1;

/** How often a step stands in the order's history, provided that the other person reads the same. */
async function times(people: People, id: string, name: string): Promise<number> {
  const [ours, theirs] = await Promise.all([
    timesIn(people.buyer, id, name),
    timesIn(people.seller, id, name),
  ]);
  return ours === theirs ? ours : TORN;
}

const byName = (page: Page, name: string) =>
  page.locator('main#main').getByRole('button', { name, exact: true });

/** A step of the cockpit: its button opens the dialog, the dialog's button sends it. */
function stepScene(
  people: People,
  id: string,
  name: string,
  label: string,
  fields: Record<string, string> = {},
): Scene {
  return {
    url: `/orders/${id}`,
    press: label,
    async fill(page) {
      await byName(page, label).click();
      for (const [field, value] of Object.entries(fields)) await page.getByLabel(field).fill(value);
      await expect(page.getByTestId('confirm-step')).toBeEnabled();
    },
    async typed(page) {
      await expect(page.getByTestId('confirm-step')).toBeEnabled();
      for (const [field, value] of Object.entries(fields))
        await expect(page.getByLabel(field)).toHaveValue(value);
    },
    count: () => times(people, id, name),
    async truth(page) {
      await expect(page.locator('main#main h1')).toHaveText(/^E-/);
      await expect(byName(page, label)).toHaveCount(0);
      await expect(page.getByRole('dialog')).toHaveCount(0);
    },
  };
}

function moneyScene(
  people: People,
  side: 'buyer' | 'seller',
  label: string,
  amount: { typed: string; minor: string },
  reference = '',
): Scene {
  const form = (page: Page) => page.getByRole('region', { name: label });
  return {
    url: '/wallet',
    press: label,
    async fill(page) {
      await form(page).getByLabel('Currency').selectOption('USD');
      await form(page).getByLabel('Amount').fill(amount.typed);
      if (reference) await form(page).getByLabel('Reference').fill(reference);
      await form(page).getByRole('button', { name: label }).click();
    },
    async typed(page) {
      await expect(page.getByRole('dialog').getByText(amount.typed).first()).toBeVisible();
    },
    async count() {
      const { items } = await api<{
        items: { reference: string; debit: { minor: string } | null; credit: { minor: string } | null }[];
      }>(people[side], `/wallet/statement?currency=USD&account=${side}`);
      return items.filter((line) =>
        reference ? line.reference === reference : line.debit?.minor === amount.minor,
      ).length;
    },
    async truth(page) {
      const statement = page.getByRole('region', { name: 'Statement' });
      const dollars = statement.getByRole('radio', { name: 'USD' });
      await expect(statement.getByRole('row').nth(1)).toBeVisible();
      if (await dollars.count()) await dollars.check({ force: true });
      await expect(statement.getByRole('row').filter({ hasText: amount.typed }).first()).toBeVisible();
      await expect(page.getByRole('dialog')).toHaveCount(0);
    },
  };
}

export const PASSWORD = 'quiet-harbour-lamp-seventeen';

const signUp: Flow = {
  name: 'sign-up',
  seat: null,
  post: /\/auth\/sign-up$/,
  async scene({ admin }) {
    const no = `${Date.now()}${fresh()}`;
    const email = `doubt${no}@example.com`;
    const fields = {
      'Your name': 'Anna Doubt',
      Email: email,
      Company: `Doubt ${no} GmbH`,
      'Country (two letters)': 'DE',
      'Registration number': `HRB ${no}`,
    };
    const label = (page: Page, name: string) =>
      name.startsWith('Country') ? page.getByLabel('Country') : page.getByLabel(name);
    return {
      url: '/sign-up',
      press: 'Register',
      async fill(page) {
        for (const [name, value] of Object.entries(fields)) await label(page, name).fill(value);
        await page.getByLabel(/^Password/).fill(PASSWORD);
      },
      async typed(page) {
        for (const [name, value] of Object.entries(fields))
          await expect(label(page, name)).toHaveValue(value);
        // The password alone is asked for again after a reload.
        await page.getByLabel(/^Password/).fill(PASSWORD);
      },
      async count() {
        const found: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
          const page: { items: { email: string }[]; next_cursor?: string | null } = await api(
            admin,
            `/admin/users?limit=100${after}`,
          );
          found.push(...page.items.map((person) => person.email).filter((known) => known === email));
          cursor = page.next_cursor ?? null;
        }
        return found.length;
      },
      async truth(page) {
        await page.context().clearCookies();
        await page.goto('/sign-in');
        await page.getByLabel('Email').fill(email);
        await page.getByLabel(/^Password/).fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page.locator('main#main h1')).toBeVisible();
      },
    };
  },
};

const draft: Flow = {
  name: 'draft order',
  seat: 'buyer',
  post: /\/orders$/,
  free: true,
  async scene({ buyer, seller }) {
    const supplier = await sellerCompany(seller);
    const ids = async () =>
      (await api<{ items: { id: string }[] }>(buyer, '/orders?role=buyer')).items.map((order) => order.id);
    const before = await ids();
    const note = `Doubt ${fresh()}: keep dry`;
    const product = (await termsOf(buyer, seller)).lines[0]?.product;
    return {
      url: `/orders/new?product=${product}`,
      press: 'Save draft',
      async fill(page) {
        await expect(page.getByLabel('Ship by')).not.toHaveValue('');
        await page.getByRole('button', { name: 'Quantity as packed' }).click();
        await page.getByLabel('Notes').fill(note);
      },
      async typed(page) {
        await expect(page.getByLabel('Notes')).toHaveValue(note);
      },
      async count() {
        const now = (await ids()).filter((id) => !before.includes(id));
        const mine = await Promise.all(
          now.map((id) => api<{ terms: { notes: string; seller: string } }>(buyer, `/orders/${id}`)),
        );
        return mine.filter((order) => order.terms.notes === note && order.terms.seller === supplier.id)
          .length;
      },
      async truth(page) {
        if (!/\/orders\/[0-9a-f]{32}$/.test(page.url())) {
          await page.goto('/orders');
          await page.locator('main#main').getByRole('link', { name: /^E-/ }).first().click();
        }
        await expect(byName(page, 'Send offer')).toBeVisible();
      },
    };
  },
};

const offer: Flow = {
  name: 'offer',
  seat: 'buyer',
  post: transitions,
  async scene(people) {
    const terms = await termsOf(people.buyer, people.seller);
    const { id } = await api<Ids>(people.buyer, '/orders', { terms });
    return {
      ...stepScene(people, id, 'order.offer', 'Send offer', { 'Offer valid for': '21' }),
      // The other side sees nothing of an order before it is offered.
      count: () => timesIn(people.buyer, id, 'order.offer'),
    };
  },
};

const accept: Flow = {
  name: 'accept',
  seat: 'seller',
  post: transitions,
  async scene(people) {
    const { id } = await offeredOrder(people.buyer, people.seller);
    return stepScene(people, id, 'order.accept', 'Accept offer');
  },
};

const counterOffer: Flow = {
  name: 'counter-offer',
  seat: 'seller',
  post: transitions,
  async scene(people) {
    const { id } = await offeredOrder(people.buyer, people.seller);
    const note = `Counter ${fresh()}`;
    return {
      url: `/orders/${id}/terms`,
      press: 'Send counter-offer',
      fill: (page) => page.getByLabel('Notes').fill(note),
      typed: (page) => expect(page.getByLabel('Notes')).toHaveValue(note),
      count: () => times(people, id, 'order.counter'),
      async truth(page) {
        await expect(page).toHaveURL(new RegExp(`/orders/${id}$`));
        await expect(byName(page, 'Withdraw offer')).toBeVisible();
        await expect(byName(page, 'Counter-offer')).toHaveCount(0);
      },
    };
  },
};

const fund: Flow = {
  name: 'fund a stage',
  seat: 'buyer',
  post: transitions,
  async scene(people) {
    const id = await agreedOrder(people.buyer, people.seller);
    const scene = stepScene(people, id, 'stage.fund', 'Pay into holding · Stage 1');
    return {
      ...scene,
      // The history and the books must tell the same.
      async count() {
        const { items } = await api<{ items: { event_id: string }[] }>(
          people.buyer,
          `/orders/${id}/journals`,
        );
        const booked = new Set(items.map((journal) => journal.event_id)).size;
        return (await scene.count()) === booked ? booked : TORN;
      },
    };
  },
};

async function paid({ buyer, seller }: People): Promise<string> {
  const id = await agreedOrder(buyer, seller);
  await take(buyer, id, 'stage.fund', { stage: 1, method: 'tt' });
  await take(buyer, id, 'stage.fund', { stage: 2, method: 'tt' });
  return id;
}

const dispatch: Flow = {
  name: 'dispatch',
  seat: 'seller',
  post: transitions,
  async scene(people) {
    const fields = { Carrier: 'Northern Star Line', 'Tracking number': `NSL${fresh()}` };
    return stepScene(people, await paid(people), 'shipment.dispatch', 'Dispatch · Shipment 1', fields);
  },
};

/** An order whose only shipment has arrived. */
export async function delivered(people: People): Promise<string> {
  const id = await paid(people);
  const papers = { carrier: 'Northern Star Line', tracking_no: 'NSL', documents: ['Bill of lading'] };
  await take(people.seller, id, 'shipment.dispatch', { shipment: 1, ...papers, eta_days: 1 });
  await api(people.teacher, '/market/clock', { action: 'advance', by: '3d' });
  return id;
}

const acceptGoods: Flow = {
  name: 'accept goods',
  seat: 'buyer',
  post: transitions,
  async scene(people) {
    const label = 'Accept goods and release the money · Shipment 1';
    return stepScene(people, await delivered(people), 'shipment.accept', label);
  },
};

const payIn: Flow = {
  name: 'pay in',
  seat: 'buyer',
  post: /\/wallet\/pay-ins$/,
  free: true,
  async scene(people) {
    const cents = String(10 + (fresh() % 90));
    const amount = { typed: `321.${cents}`, minor: `321${cents}` };
    return moneyScene(people, 'buyer', 'Pay in', amount, `doubt ${Date.now()} ${fresh()}`);
  },
};

const withdraw: Flow = {
  name: 'withdraw',
  seat: 'seller',
  post: /\/wallet\/withdrawals$/,
  free: true,
  async scene(people) {
    // Small enough to last, and no other line's amount.
    const minor = String(100 + fresh());
    const amount = { typed: `${minor.slice(0, -2)}.${minor.slice(-2)}`, minor };
    return moneyScene(people, 'seller', 'Withdraw', amount);
  },
};

const cancel: Flow = {
  name: 'cancel by consent',
  seat: 'buyer',
  post: transitions,
  async scene(people) {
    const id = await paid(people);
    const { money } = await api<{ money: { held: { minor: string } } }>(people.seller, `/orders/${id}`);
    await take(people.seller, id, 'cancellation.propose', { refund_minor: money.held.minor });
    return stepScene(people, id, 'proposal.accept', 'Accept proposal');
  },
};

const message: Flow = {
  name: 'message with file',
  seat: 'buyer',
  post: /\/orders\/[0-9a-f]+\/messages$/,
  free: true,
  async scene(people) {
    const id = await agreedOrder(people.buyer, people.seller);
    const text = `Packing list ${fresh()} is attached`;
    const file = `packing-${fresh()}.csv`;
    return {
      url: `/orders/${id}?tab=talk`,
      press: 'Send',
      async fill(page) {
        await page.getByLabel('Message').fill(text);
        const buffer = Buffer.from('sku,quantity\nLAMP,10\n');
        await page.locator('input[type=file]').setInputFiles({ name: file, mimeType: 'text/csv', buffer });
        await expect(page.locator('form').getByText(file)).toBeVisible();
      },
      async typed(page) {
        await expect(page.getByLabel('Message')).toHaveValue(text);
        await expect(page.locator('form').getByText(file)).toBeVisible();
      },
      async count() {
        const { items } = await api<{ items: { text: string; files: { name: string }[] }[] }>(
          people.seller,
          `/orders/${id}/messages`,
        );
        return items.filter((sent) => sent.text === text && sent.files[0]?.name === file).length;
      },
      async truth(page) {
        await expect(page.locator('ul.talk li').filter({ hasText: text })).toHaveCount(1);
        await expect(page.getByLabel('Message')).toHaveValue('');
      },
    };
  },
};

export const FLOWS: Flow[] = [
  signUp,
  draft,
  offer,
  accept,
  counterOffer,
  fund,
  dispatch,
  acceptGoods,
  payIn,
  withdraw,
  cancel,
  message,
];
