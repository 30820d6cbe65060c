import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext } from '@tanstack/react-router';
import { allTexts } from '../lib/i18n';
import { Root } from './root';

export type Search = Record<string, unknown>;
export const text = (search: Search, name: string) => {
  const value = search[name];
  return typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined;
};

/** Pages that say only what was loaded before everything else. */
const FIRST_PAGES = ['/', '/sign-in', '/sign-up', '/products'];

export const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  beforeLoad: async ({ location }) => {
    if (!FIRST_PAGES.includes(location.pathname)) await allTexts();
  },
});
