import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import type {
  ClientMoney,
  ImportJob,
  Message,
  OrderCard,
  OrderEvent,
  Proof,
  Receipt,
  StatementLine,
  TrialBalance,
} from '../../api/types';
import * as F from './fixtures';

let seat: string | null = null;
function setSeat(name: string | null): void {
  seat = name;
}
const log: OrderEvent[] = [
  {
    seq: 1,
    id: F.id(400),
    step: 'order.offer',
    actor: { name: 'Li Wei', company: F.SELLER.name, role: 'owner' },
    effective_at: '2026-01-05T03:00:00Z',
    recorded_at: '2026-11-23T10:00:00Z',
    summary: { valid_days: 15 },
    hash: 'a1'.repeat(32),
  },
  {
    seq: 2,
    id: F.id(401),
    step: 'stage.fund',
    actor: { name: 'Ada Brandt', company: F.BUYER.name, role: 'owner' },
    effective_at: '2026-01-06T08:00:00Z',
    recorded_at: '2026-11-23T10:02:00Z',
    summary: { stage: 1, method: 'tt' },
    hash: 'b2'.repeat(32),
  },
];

const page = <T>(items: T[]) => ({ items, next_cursor: null });
const receipt = (): Receipt => ({
  id: F.order.id,
  number: F.order.number,
  version: F.order.version,
  status: F.order.status,
  phase: F.order.phase,
  event_id: F.id(500),
  already: false,
});
const statement: StatementLine[] = [
  {
    seq: 2,
    at: '2026-01-06T08:00:00Z',
    rule: 'P2',
    order_id: F.order.id,
    order_number: F.order.number,
    debit: F.usd(301500),
    credit: null,
    balance: F.usd(698500),
    reference: '',
    text: 'Stage 1 held',
  },
  {
    seq: 1,
    at: '2026-01-05T08:00:00Z',
    rule: 'P1',
    order_id: null,
    order_number: null,
    debit: null,
    credit: F.usd(1000000),
    balance: F.usd(1000000),
    reference: '',
    text: 'Pay-in',
  },
];

function answer(
  method: string,
  path: string,
  query: URLSearchParams,
  body: Record<string, unknown>,
): unknown {
  const order = { ...F.order, my_side: seat === 'buyer' || seat === 'seller' ? seat : null };
  const routes: [RegExp, () => unknown][] = [
    [/^GET \/auth\/options$/, () => ({ demo: true })],
    [/^POST \/auth\/demo$/, () => setSeat(String(body.seat))],
    [/^POST \/auth\/sign-(in|up)$/, () => setSeat('buyer')],
    [/^POST \/auth\/sign-out$/, () => setSeat(null)],
    [
      /^POST \/auth\/seat$/,
      () => setSeat(Object.entries(F.SEATS).find(([, s]) => s.id === body.seat_id)?.[0] ?? seat),
    ],
    [/^GET \/auth\/me$/, () => (seat ? F.me(seat) : undefined)],
    [/^GET \/market$/, () => F.market],
    [/^POST \/market\//, () => ({ now: F.market.clock.now, executed: 2 })],
    [
      /^GET \/products$/,
      () =>
        page(
          F.products.filter(
            (p) =>
              p.title.toLowerCase().includes((query.get('q') ?? '').toLowerCase()) &&
              (!query.get('category') || p.category === query.get('category')),
          ),
        ),
    ],
    [/^GET \/products\//, () => F.products.find((p) => path.endsWith(p.id))],
    [/^GET \/companies$/, () => page([F.company(query.get('buys') ? F.BUYER : F.SELLER)])],
    [/^GET \/companies\//, () => F.company(path.endsWith(F.BUYER.id) ? F.BUYER : F.SELLER)],
    [/^POST \/orders$/, receipt],
    [
      /^GET \/orders$/,
      () =>
        page<OrderCard>(
          query.get('phase') === 'done'
            ? []
            : [
                {
                  ...order,
                  ...order.money,
                  title: order.terms.lines[0]?.title ?? '',
                  next_deadline: order.deadlines[0] ?? null,
                  updated_at: '2026-01-06T08:00:00Z',
                },
              ],
        ),
    ],
    [/^GET \/orders\/\w+$/, () => order],
    [/actions$/, () => F.actions],
    [/transitions$/, receipt],
    [/previews$/, () => ({ version: F.order.version, journal: F.actions.actions[0]?.journal ?? [] })],
    [/^GET \/orders\/\w+\/events$|admin\/events$/, () => page(log)],
    [/journals$/, () => page(F.journals)],
    [
      /messages$/,
      () =>
        page<Message>([
          {
            id: F.id(600),
            at: '2026-01-06T09:00:00Z',
            text: 'The deposit has arrived, production starts on Monday.',
            user: 'Li Wei',
            company: F.SELLER.name,
            files: [],
          },
        ]),
    ],
    [
      /^GET \/wallet$/,
      () => ({
        accounts: [
          {
            currency: 'USD',
            buyer: F.usd(698500),
            seller: F.usd(0),
            reserve: F.usd(0),
            held_in_escrow: F.usd(300000),
          },
        ],
      }),
    ],
    [/wallet\/statement$/, () => page(statement)],
    [
      /trial-balance$/,
      (): TrialBalance => ({
        currencies: [
          {
            currency: 'USD',
            rows: [
              { account: 'A.BANK.CLIENT', label: 'Bank, client money', debit: '998500', credit: null },
              { account: 'L.BUYER', label: 'Buyers', debit: null, credit: '698500' },
              { account: 'L.ESCROW', label: 'Held', debit: null, credit: '300000' },
            ],
            total_debit: '998500',
            total_credit: '998500',
          },
        ],
      }),
    ],
    [
      /client-money$/,
      (): ClientMoney => ({
        currencies: [
          {
            currency: 'USD',
            bank: '998500',
            liabilities: [
              { account: 'L.BUYER', label: 'Buyers', amount: '698500' },
              { account: 'L.ESCROW', label: 'Held', amount: '300000' },
            ],
            total: '998500',
            difference: '0',
          },
        ],
      }),
    ],
    [
      /admin\/prove$/,
      (): Proof => ({
        ok: true,
        checked: { markets: 1, events: 812, journals: 233, postings: 961, orders: 40, accounts: 118 },
        findings: [],
        took_ms: 41,
        unlisted: 0,
        heads: [],
      }),
    ],
    [/^POST \/imports/, () => ({ id: F.id(700) })],
    [
      /^GET \/imports/,
      (): ImportJob => ({
        id: F.id(700),
        state: 'done',
        dry_run: true,
        rows: 120,
        done: 120,
        created: 100,
        updated: 15,
        unchanged: 4,
        failed: 1,
        errors: [
          {
            line: 18,
            column: 'ladder',
            value: '100:x',
            code: 'invalid_ladder',
            detail: '"100:x" is not a price',
          },
        ],
      }),
    ],
  ];
  const found = routes.find(([pattern]) => pattern.test(`${method} ${path}`));
  return found ? (found[1]() ?? null) : undefined;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

const handler: Connect.NextHandleFunction = (request, response, next) => {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'self'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws:",
  );
  const url = new URL(request.url ?? '/', 'http://mock');
  if (!url.pathname.startsWith('/api/v1/')) return next();
  const path = url.pathname.slice('/api/v1'.length);
  const method = request.method ?? 'GET';
  if (path === '/live') {
    response.setHeader('Content-Type', 'text/event-stream');
    response.write(': hello\n\n');
    return undefined;
  }
  const open = path.startsWith('/auth/') && path !== '/auth/me';
  if (!seat && !open)
    return reply(response, 401, {
      title: 'Unauthorized',
      status: 401,
      code: 'unauthenticated',
      detail: 'Sign in first',
    });
  if (path === '/auth/refresh')
    return reply(response, 401, { title: 'Unauthorized', status: 401, code: 'unauthenticated', detail: '' });
  void readBody(request).then((body) => {
    const result = answer(method, path, url.searchParams, body);
    if (result === undefined)
      reply(response, 404, { title: 'Not found', status: 404, code: 'not_found', detail: path });
    else reply(response, 200, result ?? {});
  });
  return undefined;
};

/** A small stand-in for the server, for looking at screens; it is never part of a build. */
export function mockApi(): Plugin {
  return {
    name: 'entrepot-mock-api',
    configureServer: (server) => void server.middlewares.use(handler),
    configurePreviewServer: (server) => void server.middlewares.use(handler),
  };
}
