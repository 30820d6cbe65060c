import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIRST } from '../lib/first-texts';

const root = new URL('..', import.meta.url).pathname;
const PAGES = [
  'app/shell.tsx',
  'app/market-bar.tsx',
  'app/route-states.tsx',
  'features/auth/sign-in.tsx',
  'features/auth/sign-up.tsx',
  'features/auth/auth-frame.tsx',
  'features/auth/new-password.tsx',
  'features/catalog/product-list.tsx',
  'features/catalog/product-card.tsx',
  ...['frame', 'preferences', 'page', 'names', 'picture'].map((name) => `ui/${name}.tsx`),
];

/** The keys a file says, and the beginnings of those it puts together. */
function said(text: string): string[] {
  const whole = [...text.matchAll(/\bt\(\s*'([^']+)'/g)];
  const begun = [...text.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)];
  return [...whole, ...begun].map((match) => match[1] ?? '');
}

describe('the texts of the first pages', () => {
  it('come before everything else', () => {
    const files = PAGES.filter((path) =>
      readdirSync(`${root}${path.replace(/\/[^/]+$/, '')}`).includes(path.replace(/.*\//, '')),
    );
    const keys = files.flatMap((path) => said(readFileSync(root + path, 'utf8')));
    const later = keys.filter((key) => !FIRST.test(key) && !/^(problem|next|fault)\./.test(key));
    expect(keys.length).toBeGreaterThan(50);
    expect([...new Set(later)]).toEqual([]);
  });
  it('are not all texts', () => {
    expect(
      ['step.order.accept', 'wallet.buyer', 'problem.forbidden'].filter((key) => FIRST.test(key)),
    ).toEqual([]);
  });
});
