import type { Seat } from '../api/types';

export interface NavEntry {
  to:
    | '/products'
    | '/own-products'
    | '/inquiries'
    | '/orders'
    | '/orders/new'
    | '/rfqs'
    | '/rfqs/new'
    | '/wallet'
    | '/imports'
    | '/market'
    | '/team'
    | '/proof'
    | '/admin/proofs'
    | '/admin/listings'
    | '/account/security'
    | '/admin/users'
    | '/admin/mails'
    | '/admin/books'
    | '/admin/audit';
  labelKey: string;
  show: (seat: Seat) => boolean;
}

/** Pages that begin at the catalogue. */
const ASIDE = ['/suppliers', '/compare', '/shortlist', '/quick-order'];

/** The entry a path belongs to: a single order belongs to the orders, a supplier to the products. */
export function entryOf(path: string): NavEntry['to'] | undefined {
  if (path.startsWith('/companies/') || ASIDE.includes(path)) return '/products';
  if (/^\/(own-stock|products\/(new|\w+\/(edit|history)))\b/.test(path)) return '/own-products';
  const fits = NAV.map((entry) => entry.to).filter((to) => path === to || path.startsWith(`${to}/`));
  return fits.sort((a, b) => b.length - a.length)[0];
}

const trades = (seat: Seat) => seat.company !== null;
const governs = (seat: Seat) => seat.role === 'admin' || seat.role === 'teacher';
const oversees = (seat: Seat) => governs(seat) || seat.role === 'support' || seat.role === 'credit_admin';

/** Where each seat may go; the server decides again on each call. */
export const NAV: NavEntry[] = [
  { to: '/products', labelKey: 'nav.products', show: () => true },
  { to: '/own-products', labelKey: 'own.title', show: (s) => s.company?.sells === true },
  {
    to: '/inquiries',
    labelKey: 'nav.inquiries',
    show: (s) => trades(s) || governs(s) || s.role === 'support',
  },
  { to: '/rfqs', labelKey: 'nav.rfqs', show: () => true },
  {
    to: '/rfqs/new',
    labelKey: 'nav.newRfq',
    show: (s) => s.company?.buys === true && (s.role === 'owner' || s.role === 'trader'),
  },
  { to: '/orders', labelKey: 'nav.orders', show: () => true },
  {
    to: '/orders/new',
    labelKey: 'nav.draft',
    show: (s) => trades(s) && (s.role === 'owner' || s.role === 'trader'),
  },
  { to: '/wallet', labelKey: 'nav.wallet', show: trades },
  { to: '/imports', labelKey: 'nav.imports', show: (s) => s.company?.sells === true },
  { to: '/proof', labelKey: 'nav.proof', show: trades },
  { to: '/team', labelKey: 'nav.team', show: (s) => s.role !== 'carrier' },
  { to: '/market', labelKey: 'nav.market', show: governs },
  { to: '/admin/proofs', labelKey: 'nav.proofs', show: (s) => s.role === 'admin' },
  { to: '/admin/listings', labelKey: 'nav.listings', show: governs },
  { to: '/admin/books', labelKey: 'nav.books', show: oversees },
  { to: '/admin/audit', labelKey: 'nav.audit', show: oversees },
  { to: '/admin/users', labelKey: 'nav.users', show: (s) => s.role === 'admin' },
  { to: '/admin/mails', labelKey: 'nav.mails', show: (s) => s.role === 'admin' },
  { to: '/account/security', labelKey: 'nav.security', show: () => true },
];
