import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without types
import { findings } from '../../scripts/check-i18n.mjs';

const src = new URL('..', import.meta.url).pathname;
const walk = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : /\.(tsx?|css)$/.test(name) ? [path] : [];
  });
const files = walk(src).map((path) => ({ path: path.slice(src.length), text: readFileSync(path, 'utf8') }));

describe('house style', () => {
  it('is complete in both languages', () => {
    expect(findings()).toEqual([]);
  });
  it('keeps files short', () => {
    expect(
      files
        .filter((f) => f.path.endsWith('x') || f.path.endsWith('.ts'))
        .filter(
          (f) =>
            !f.path.includes('.gen.') &&
            f.path !== 'test/mock/fixtures.ts' &&
            f.text.split('\n').length > 300,
        )
        .map((f) => f.path),
    ).toEqual([]);
  });
  it('lets no feature import another', () => {
    const crossing = files.flatMap(({ path, text }) => {
      const slice = /^features\/([^/]+)\//.exec(path)?.[1];
      if (!slice) return [];
      const targets = [...text.matchAll(/from '([^']+)'/g)].map((m) => m[1] ?? '');
      return targets
        .filter(
          (target) =>
            target.includes('/features/') || target.includes('/app/') || /^\.\.\/(?!\.\.)/.test(target),
        )
        .map((target) => `${path} -> ${target}`);
    });
    expect(crossing).toEqual([]);
  });
  it('keeps the lower layers free of the upper ones', () => {
    const upward = files.filter(
      ({ path, text }) => /^(lib|api|ui)\//.test(path) && /from '[^']*\/(features|app)\//.test(text),
    );
    expect(upward.map((f) => f.path)).toEqual([]);
  });
});
