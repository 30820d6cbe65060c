import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = new URL('..', import.meta.url).pathname;
const library = new URL('../../node_modules/@mantine/core/esm', import.meta.url).pathname;

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

const namesOf = (list: string) =>
  list
    .split(',')
    .map((name) => name.trim().split(' as ').at(-1) ?? '')
    .filter((name) => name && !name.startsWith('type '));

/** What the library exports, and the file each name comes from. */
function exported(): Map<string, string> {
  const index = readFileSync(join(library, 'index.mjs'), 'utf8');
  const found = new Map<string, string>();
  for (const match of index.matchAll(/(?:import|export) \{([^}]*)\} from "(\.[^"]+)"/g))
    for (const name of namesOf(match[1] ?? '')) found.set(name, normalize(join(library, match[2] ?? '')));
  return found;
}

/** The styled parts that a file of the library leads to. */
function styled(file: string, seen: Set<string>): void {
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  for (const match of readFileSync(file, 'utf8').matchAll(/(?:from|import) "(\.[^"]+)"/g))
    styled(normalize(join(dirname(file), match[1] ?? '')), seen);
}

describe('the styles of the library', () => {
  it('are those of the parts in use, and no others', () => {
    const from = exported();
    const seen = new Set<string>();
    for (const file of files(src))
      for (const match of readFileSync(file, 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g))
        for (const name of namesOf(match[1] ?? '')) styled(from.get(name) ?? `nothing exports ${name}`, seen);
    const needed = [...seen]
      .filter((file) => file.endsWith('.module.mjs'))
      .map((file) => basename(file, '.module.mjs'));
    const listed = [
      ...readFileSync(join(src, 'ui/mantine.css'), 'utf8').matchAll(/styles\/([\w-]+)\.css/g),
    ].map((match) => match[1]);
    expect(needed.length).toBeGreaterThan(10);
    expect([...listed].sort()).toEqual([...needed, 'baseline', 'global'].sort());
  });
});
