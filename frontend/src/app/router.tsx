import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiProblem } from '../api/client';
import { meQuery } from '../api/queries';
import type { Phase, Side } from '../api/types';
import { RouteFault, RouteMissing } from './route-states';

const SECURITY = '/account/security';

type Search = Record<string, unknown>;
const text = (search: Search, name: string) => {
  const value = search[name];
  return typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined;
};

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Search): { back?: string } => ({ back: text(search, 'back') }),
  component: lazyRouteComponent(() => import('../features/auth/sign-in'), 'SignIn'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('../features/auth/sign-up'), 'SignUp'),
});

const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(() => import('../features/auth/forgotten'), 'Forgotten'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('../features/auth/reset'), 'Reset'),
});
const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('../features/auth/verify'), 'VerifyEmail'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../features/auth/invitation'), 'Invitation'),
});
const noSeat = createRoute({
  getParentRoute: () => root,
  path: '/no-seat',
  component: lazyRouteComponent(() => import('../features/auth/no-seat'), 'NoSeat'),
});
const firstAdmin = createRoute({
  getParentRoute: () => root,
  path: '/first-admin',
  component: lazyRouteComponent(() => import('../features/auth/first-admin'), 'FirstAdmin'),
});

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
    if (seat.role === 'admin' || seat.role === 'support') throw redirect({ to: '/admin/books' });
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
    supplier: text(search, 'supplier'),
    quantity: text(search, 'quantity'),
    view: search.view === 'table' ? 'table' : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/catalog/product-list'), 'ProductList'),
});
const product = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id',
  validateSearch: (search: Search): { quantity?: string } => ({ quantity: text(search, 'quantity') }),
  component: lazyRouteComponent(() => import('../features/catalog/product'), 'ProductPage'),
});
const supplier = createRoute({
  getParentRoute: () => shell,
  path: '/companies/$id',
  component: lazyRouteComponent(() => import('../features/supplier/supplier'), 'SupplierPage'),
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
  validateSearch: (search: Search): { product?: string; quantity?: string } => ({
    product: text(search, 'product'),
    quantity: text(search, 'quantity'),
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

export interface ProductSearch {
  q?: string;
  category?: string;
  supplier?: string;
  quantity?: string;
  view?: 'table';
}
export interface OrderSearch {
  phase?: Phase;
  role?: Side;
}
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
    product,
    supplier,
    orders,
    newOrder,
    editOrder,
    order,
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
