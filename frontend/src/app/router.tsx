import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ApiProblem } from '../api/client';
import { meQuery } from '../api/queries';
import type { ListingState, Phase, Side } from '../api/types';
import { type ProductSearch, SORTS } from '../features/catalog/filter';
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
import { root, type Search, text } from './root-route';
import { RouteFault, RouteMissing } from './route-states';

const SECURITY = '/account/security';
const LISTING_STATES: ListingState[] = ['draft', 'published', 'withdrawn'];

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      const { security, seat } = await context.client.ensureQueryData(meQuery);
      if (!seat) throw redirect({ to: '/no-seat' });
      // Until the second factor is shown the server answers nothing else.
      if (security.second_factor_needed && location.pathname !== SECURITY) throw redirect({ to: SECURITY });
    } catch (fault) {
      if (fault instanceof ApiProblem && fault.status === 401)
        throw redirect({ to: '/sign-in', search: { back: location.href } });
      throw fault;
    }
  },
  component: lazyRouteComponent(() => import('./shell'), 'Shell'),
});

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
const products = createRoute({
  getParentRoute: () => shell,
  path: '/products',
  validateSearch: (search: Search): ProductSearch => ({
    q: text(search, 'q'),
    category: text(search, 'category'),
    country: text(search, 'country'),
    verified: text(search, 'verified'),
    incoterm: text(search, 'incoterm'),
    currency: text(search, 'currency'),
    lead: text(search, 'lead'),
    min: text(search, 'min'),
    max: text(search, 'max'),
    moq: text(search, 'moq'),
    supplier: text(search, 'supplier'),
    quantity: text(search, 'quantity'),
    sort: SORTS.find((sort) => sort === search.sort),
    view: search.view === 'table' ? 'table' : undefined,
    compare: text(search, 'compare'),
  }),
  component: lazyRouteComponent(() => import('../features/catalog/product-list'), 'ProductList'),
});
const compare = createRoute({
  getParentRoute: () => shell,
  path: '/compare',
  validateSearch: (search: Search): { ids?: string; quantity?: string } => ({
    ids: text(search, 'ids'),
    quantity: text(search, 'quantity'),
  }),
  component: lazyRouteComponent(() => import('../features/catalog/compare'), 'Compare'),
});
const product = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id',
  validateSearch: (search: Search): { quantity?: string } => ({ quantity: text(search, 'quantity') }),
  component: lazyRouteComponent(() => import('../features/catalog/product'), 'ProductPage'),
});
const newProduct = createRoute({
  getParentRoute: () => shell,
  path: '/products/new',
  component: lazyRouteComponent(() => import('../features/catalog/edit-product'), 'NewProduct'),
});
const editProduct = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id/edit',
  component: lazyRouteComponent(() => import('../features/catalog/edit-product'), 'EditProduct'),
});
const productHistory = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id/history',
  component: lazyRouteComponent(() => import('../features/catalog/product-history'), 'ProductHistory'),
});
const ownProducts = createRoute({
  getParentRoute: () => shell,
  path: '/own-products',
  validateSearch: (search: Search): { state?: ListingState; category?: string; q?: string } => ({
    state: LISTING_STATES.find((state) => state === search.state),
    category: text(search, 'category'),
    q: text(search, 'q'),
  }),
  component: lazyRouteComponent(() => import('../features/catalog/own-products'), 'OwnProducts'),
});
const shortlist = createRoute({
  getParentRoute: () => shell,
  path: '/shortlist',
  component: lazyRouteComponent(() => import('../features/catalog/shortlist'), 'ShortlistPage'),
});
const quickOrder = createRoute({
  getParentRoute: () => shell,
  path: '/quick-order',
  component: lazyRouteComponent(() => import('../features/draft/quick-order'), 'QuickOrderPage'),
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
  validateSearch: (search: Search): { product?: string; quantity?: string; seller?: string } => ({
    product: text(search, 'product'),
    quantity: text(search, 'quantity'),
    seller: text(search, 'seller'),
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
      search.tab === 'history' || search.tab === 'ledger' || search.tab === 'terms' || search.tab === 'talk'
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
export type OrderTab = 'history' | 'ledger' | 'terms' | 'talk';

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
    compare,
    newProduct,
    editProduct,
    productHistory,
    product,
    ownProducts,
    shortlist,
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
