import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { searchQuery } from '../api/queries';
import type { ListingState } from '../api/types';
import { asked, ON_TIME, type ProductSearch, SORTS } from '../features/catalog/filter';
import type { SupplierSearch } from '../features/catalog/suppliers';
import { type Search, text } from './root-route';
import { shell } from './shell-route';

const LISTING_STATES: ListingState[] = ['draft', 'in_review', 'published', 'withdrawn'];

const onTime = (search: Search) => ON_TIME.find((share) => share === text(search, 'onTime'));

/** The catalogue and the desk of who sells in it. */
export const products = createRoute({
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
    property: text(search, 'property'),
    onTime: onTime(search),
    min: text(search, 'min'),
    max: text(search, 'max'),
    moq: text(search, 'moq'),
    supplier: text(search, 'supplier'),
    quantity: text(search, 'quantity'),
    sort: SORTS.find((sort) => sort === search.sort),
    view: search.view === 'table' ? 'table' : undefined,
    compare: text(search, 'compare'),
  }),
  // What is found is asked for while the page's script is on its way; waiting for it is the page's own affair.
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.client.prefetchInfiniteQuery(searchQuery(asked(deps))),
  component: lazyRouteComponent(() => import('../features/catalog/product-list'), 'ProductList'),
});
export const suppliers = createRoute({
  getParentRoute: () => shell,
  path: '/suppliers',
  validateSearch: (search: Search): SupplierSearch => ({
    q: text(search, 'q'),
    category: text(search, 'category'),
    country: text(search, 'country'),
    verified: text(search, 'verified'),
    onTime: onTime(search),
    sort: search.sort === 'listings' || search.sort === 'relevance' ? search.sort : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/catalog/suppliers'), 'SupplierList'),
});
export const compare = createRoute({
  getParentRoute: () => shell,
  path: '/compare',
  validateSearch: (search: Search): { ids?: string; quantity?: string } => ({
    ids: text(search, 'ids'),
    quantity: text(search, 'quantity'),
  }),
  component: lazyRouteComponent(() => import('../features/catalog/compare'), 'Compare'),
});
export const product = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id',
  validateSearch: (search: Search): { quantity?: string } => ({ quantity: text(search, 'quantity') }),
  component: lazyRouteComponent(() => import('../features/catalog/product'), 'ProductPage'),
});
export const newProduct = createRoute({
  getParentRoute: () => shell,
  path: '/products/new',
  component: lazyRouteComponent(() => import('../features/catalog/edit-product'), 'NewProduct'),
});
export const editProduct = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id/edit',
  component: lazyRouteComponent(() => import('../features/catalog/edit-product'), 'EditProduct'),
});
export const productHistory = createRoute({
  getParentRoute: () => shell,
  path: '/products/$id/history',
  component: lazyRouteComponent(() => import('../features/catalog/product-history'), 'ProductHistory'),
});
export const ownProducts = createRoute({
  getParentRoute: () => shell,
  path: '/own-products',
  validateSearch: (search: Search): { state?: ListingState; category?: string; q?: string } => ({
    state: LISTING_STATES.find((state) => state === search.state),
    category: text(search, 'category'),
    q: text(search, 'q'),
  }),
  component: lazyRouteComponent(() => import('../features/catalog/own-products'), 'OwnProducts'),
});
export const listingQueue = createRoute({
  getParentRoute: () => shell,
  path: '/admin/listings',
  component: lazyRouteComponent(() => import('../features/catalog/review-queue'), 'ListingQueuePage'),
});
export const ownStock = createRoute({
  getParentRoute: () => shell,
  path: '/own-stock',
  component: lazyRouteComponent(() => import('../features/stock/own-stock'), 'OwnStock'),
});
export const stock = createRoute({
  getParentRoute: () => shell,
  path: '/own-stock/$id',
  component: lazyRouteComponent(() => import('../features/stock/stock-page'), 'StockPage'),
});
export const shortlist = createRoute({
  getParentRoute: () => shell,
  path: '/shortlist',
  component: lazyRouteComponent(() => import('../features/catalog/shortlist'), 'ShortlistPage'),
});
export const quickOrder = createRoute({
  getParentRoute: () => shell,
  path: '/quick-order',
  component: lazyRouteComponent(() => import('../features/draft/quick-order'), 'QuickOrderPage'),
});
