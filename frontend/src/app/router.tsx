import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { meQuery } from '../api/queries';
import type { Phase, Side } from '../api/types';
import {
  firstAdmin,
  forgotten,
  invitation,
  noSeat,
  reset,
  signIn,
  signUp,
  verifyEmail,
} from './entry-routes';
import {
  compare,
  editProduct,
  listingQueue,
  newProduct,
  ownProducts,
  ownStock,
  product,
  productHistory,
  products,
  quickOrder,
  shortlist,
  stock,
  suppliers,
} from './goods-routes';
import { root, type Search, text } from './root-route';
import { RouteFault, RouteMissing } from './route-states';
import { SECURITY, shell } from './shell-route';

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { seat } = await context.client.ensureQueryData(meQuery);
    if (['admin', 'support', 'credit_admin'].includes(seat.role)) throw redirect({ to: '/admin/books' });
    if (seat.role === 'teacher') throw redirect({ to: '/market' });
    throw redirect({ to: seat.company?.sells && !seat.company.buys ? '/orders' : '/products' });
  },
});
const supplier = createRoute({
  getParentRoute: () => shell,
  path: '/companies/$id',
  component: lazyRouteComponent(() => import('../features/supplier/supplier'), 'SupplierPage'),
});
const report = createRoute({
  getParentRoute: () => shell,
  path: '/companies/$id/proofs',
  component: lazyRouteComponent(() => import('../features/proof/report'), 'VerificationReport'),
});
const proof = createRoute({
  getParentRoute: () => shell,
  path: '/proof',
  component: lazyRouteComponent(() => import('../features/proof/own-proofs'), 'ProofPage'),
});
const proofQueue = createRoute({
  getParentRoute: () => shell,
  path: '/admin/proofs',
  validateSearch: (search: Search): { view?: 'recheck' } => ({
    view: search.view === 'recheck' ? 'recheck' : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/proof/queue'), 'ProofQueuePage'),
});
const rfqs = createRoute({
  getParentRoute: () => shell,
  path: '/rfqs',
  validateSearch: (search: Search): { view?: RfqView } => ({
    view: RFQ_VIEWS.find((view) => view === search.view),
  }),
  component: lazyRouteComponent(() => import('../features/sourcing/rfq-list'), 'RfqList'),
});
const newRfq = createRoute({
  getParentRoute: () => shell,
  path: '/rfqs/new',
  validateSearch: (search: Search): { product?: string } => ({ product: text(search, 'product') }),
  component: lazyRouteComponent(() => import('../features/sourcing/rfq-form'), 'NewRfq'),
});
const rfq = createRoute({
  getParentRoute: () => shell,
  path: '/rfqs/$id',
  component: lazyRouteComponent(() => import('../features/sourcing/rfq-page'), 'RfqPage'),
});
const orders = createRoute({
  getParentRoute: () => shell,
  path: '/orders',
  validateSearch: (search: Search): OrderSearch => ({
    // A word the server does not know finds no order.
    phase: text(search, 'phase') as Phase | undefined,
    role: search.role === 'buyer' || search.role === 'seller' ? search.role : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/orders/order-list'), 'OrderList'),
});
const newOrder = createRoute({
  getParentRoute: () => shell,
  path: '/orders/new',
  validateSearch: (
    search: Search,
  ): { product?: string; quantity?: string; seller?: string; sample?: true } => ({
    product: text(search, 'product'),
    quantity: text(search, 'quantity'),
    seller: text(search, 'seller'),
    sample: search.sample ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/draft/new-draft'), 'NewDraft'),
});
const editOrder = createRoute({
  getParentRoute: () => shell,
  path: '/orders/$id/terms',
  component: lazyRouteComponent(() => import('../features/draft/edit-draft'), 'EditDraft'),
});
const order = createRoute({
  getParentRoute: () => shell,
  path: '/orders/$id',
  validateSearch: (search: Search): { tab?: OrderTab } => ({
    tab:
      search.tab === 'history' ||
      search.tab === 'ledger' ||
      search.tab === 'terms' ||
      search.tab === 'versions' ||
      search.tab === 'talk'
        ? search.tab
        : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/cockpit/cockpit'), 'Cockpit'),
});
const side = (search: Search): Side | undefined =>
  search.role === 'buyer' || search.role === 'seller' ? search.role : undefined;
const inquiries = createRoute({
  getParentRoute: () => shell,
  path: '/inquiries',
  validateSearch: (search: Search): { role?: Side } => ({ role: side(search) }),
  component: lazyRouteComponent(() => import('../features/inquiry/inbox'), 'InboxPage'),
});
const askSupplier = createRoute({
  getParentRoute: () => shell,
  path: '/inquiries/new',
  validateSearch: (search: Search): { product?: string; seller?: string; quantity?: string } => ({
    product: text(search, 'product'),
    seller: text(search, 'seller'),
    quantity: text(search, 'quantity'),
  }),
  component: lazyRouteComponent(() => import('../features/inquiry/ask'), 'AskPage'),
});
const inquiry = createRoute({
  getParentRoute: () => shell,
  path: '/inquiries/$id',
  validateSearch: (search: Search): { role?: Side } => ({ role: side(search) }),
  component: lazyRouteComponent(() => import('../features/inquiry/inbox'), 'InquiryPage'),
});
const notices = createRoute({
  getParentRoute: () => shell,
  path: '/notices',
  validateSearch: (search: Search): { unread?: boolean } => ({ unread: search.unread === true || undefined }),
  component: lazyRouteComponent(() => import('../features/notices/notices'), 'NoticesPage'),
});
const noticeChoices = createRoute({
  getParentRoute: () => shell,
  path: '/notices/choices',
  component: lazyRouteComponent(() => import('../features/notices/choices'), 'ChoicesPage'),
});
const wallet = createRoute({
  getParentRoute: () => shell,
  path: '/wallet',
  component: lazyRouteComponent(() => import('../features/wallet/wallet'), 'WalletPage'),
});
const books = createRoute({
  getParentRoute: () => shell,
  path: '/admin/books',
  component: lazyRouteComponent(() => import('../features/books/books'), 'BooksPage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/admin/audit',
  component: lazyRouteComponent(() => import('../features/books/audit'), 'AuditPage'),
});
const market = createRoute({
  getParentRoute: () => shell,
  path: '/market',
  component: lazyRouteComponent(() => import('../features/console/console'), 'MarketConsole'),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  component: lazyRouteComponent(() => import('../features/imports/imports'), 'ImportPage'),
});

const team = createRoute({
  getParentRoute: () => shell,
  path: '/team',
  component: lazyRouteComponent(() => import('../features/team/team'), 'TeamPage'),
});
const users = createRoute({
  getParentRoute: () => shell,
  path: '/admin/users',
  component: lazyRouteComponent(() => import('../features/people/users'), 'UsersPage'),
});
const mails = createRoute({
  getParentRoute: () => shell,
  path: '/admin/mails',
  component: lazyRouteComponent(() => import('../features/people/mails'), 'MailsPage'),
});
const security = createRoute({
  getParentRoute: () => shell,
  path: SECURITY,
  component: lazyRouteComponent(() => import('../features/account/security'), 'SecurityPage'),
});

export interface OrderSearch {
  phase?: Phase;
  role?: Side;
}
const RFQ_VIEWS = ['mine', 'inbox', 'board', 'quotes'] as const;
export type RfqView = (typeof RFQ_VIEWS)[number];
export type OrderTab = 'history' | 'ledger' | 'terms' | 'versions' | 'talk';

const tree = root.addChildren([
  signIn,
  signUp,
  forgotten,
  reset,
  verifyEmail,
  invitation,
  firstAdmin,
  noSeat,
  shell.addChildren([
    home,
    products,
    suppliers,
    compare,
    newProduct,
    editProduct,
    productHistory,
    product,
    ownProducts,
    ownStock,
    stock,
    shortlist,
    listingQueue,
    quickOrder,
    supplier,
    report,
    proof,
    proofQueue,
    rfqs,
    newRfq,
    rfq,
    orders,
    newOrder,
    editOrder,
    order,
    inquiries,
    askSupplier,
    inquiry,
    notices,
    noticeChoices,
    wallet,
    books,
    audit,
    market,
    imports,
    team,
    users,
    mails,
    security,
  ]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultErrorComponent: RouteFault,
    defaultNotFoundComponent: RouteMissing,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
