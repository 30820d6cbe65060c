import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIRST } from '../lib/first-texts';

const root = new URL('..', import.meta.url).pathname;
/** Pages that may stand before the second part of the texts has come. */
const PAGES = [
  'app/shell.tsx',
  'app/market-bar.tsx',
  'app/route-states.tsx',
  'features/auth/sign-in.tsx',
  'features/auth/sign-up.tsx',
  'features/catalog/product-list.tsx',
];

/** The keys a file says, and the beginnings of those it puts together; what has a word to stand in for it never shows as a key. */
function said(text: string): string[] {
  const whole = [...text.matchAll(/\bt\(\s*'([^']+)'/g)];
  const begun = [...text.matchAll(/\bt\(\s*`([^`$]+)\$\{[^`]*`(?!\s*,\s*\{\s*defaultValue)/g)];
  const named = [...text.matchAll(/\blabelKey: '([^']+)'/g)];
  return [...whole, ...begun, ...named].map((match) => match[1] ?? '');
}

/** What a file brings along at once: what it imports, and lazy parts that do not wait for all texts. */
function brought(path: string, text: string): string[] {
  const imports = [...text.matchAll(/(?:^|\n)import (?!type)[^;]*?from '(\.[^']+)'/g)];
  const lazy = [...text.matchAll(/lazy\(\(\) =>\s*import\('(\.[^']+)'\)/g)];
  return [...imports, ...lazy].flatMap((match) => {
    const target = normalize(join(dirname(path), match[1] ?? ''));
    return [`${target}.tsx`, `${target}.ts`].filter((file) => existsSync(root + file));
  });
}

/** All files of the first pages, with what they say. */
function firstFiles(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const waiting = [...PAGES];
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (found.has(path)) continue;
    const text = readFileSync(root + path, 'utf8');
    found.set(path, said(text));
    waiting.push(...brought(path, text));
  }
  return found;
}

describe('the texts of the first pages', () => {
  it('come before everything else', () => {
    const files = firstFiles();
    const later = [...files].flatMap(([path, keys]) =>
      keys
        .filter((key) => !FIRST.test(key) && !/^(problem|next|fault|intent)\./.test(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(files.has('features/catalog/tray.tsx') && files.has('ui/level-badge.tsx')).toBe(true);
    expect([...files.values()].flat()).toContain('compare.add');
    expect(later).toEqual([]);
  });
  it('are not all texts', () => {
    expect(
      ['step.order.accept', 'wallet.buyer', 'problem.forbidden'].filter((key) => FIRST.test(key)),
    ).toEqual([]);
  });
});
