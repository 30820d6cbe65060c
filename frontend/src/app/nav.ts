import type { Seat } from '../api/types';

export interface NavEntry {
  to:
    | '/products'
    | '/orders'
    | '/orders/new'
    | '/wallet'
    | '/imports'
    | '/market'
    | '/team'
    | '/account/security'
    | '/admin/users'
    | '/admin/mails'
    | '/admin/books'
    | '/admin/audit';
  labelKey: string;
  show: (seat: Seat) => boolean;
}

/** The entry a path belongs to: a single order belongs to the orders, a supplier to the products. */
export function entryOf(path: string): NavEntry['to'] | undefined {
  if (path.startsWith('/companies/')) return '/products';
  const fits = NAV.map((entry) => entry.to).filter((to) => path === to || path.startsWith(`${to}/`));
  return fits.sort((a, b) => b.length - a.length)[0];
}

const trades = (seat: Seat) => seat.company !== null;
const governs = (seat: Seat) => seat.role === 'admin' || seat.role === 'teacher';

/** Where each seat may go; the server decides again on each call. */
export const NAV: NavEntry[] = [
  { to: '/products', labelKey: 'nav.products', show: () => true },
  { to: '/orders', labelKey: 'nav.orders', show: () => true },
  {
    to: '/orders/new',
    labelKey: 'nav.draft',
    show: (s) => trades(s) && (s.role === 'owner' || s.role === 'trader'),
  },
  { to: '/wallet', labelKey: 'nav.wallet', show: trades },
  { to: '/imports', labelKey: 'nav.imports', show: (s) => s.company?.sells === true || s.role === 'admin' },
  { to: '/team', labelKey: 'nav.team', show: (s) => s.role !== 'carrier' },
  { to: '/market', labelKey: 'nav.market', show: governs },
  { to: '/admin/books', labelKey: 'nav.books', show: (s) => governs(s) || s.role === 'support' },
  { to: '/admin/audit', labelKey: 'nav.audit', show: (s) => governs(s) || s.role === 'support' },
  { to: '/admin/users', labelKey: 'nav.users', show: (s) => s.role === 'admin' },
  { to: '/admin/mails', labelKey: 'nav.mails', show: (s) => s.role === 'admin' },
  { to: '/account/security', labelKey: 'nav.security', show: () => true },
];
