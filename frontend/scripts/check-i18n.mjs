// Fails when a key is missing in a language, is used but unknown, is known but unused, or placeholders differ.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = new URL('..', import.meta.url).pathname;

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'test' || name === 'locales' ? [] : sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

const placeholders = (text) => (text.match(/\{\{[^}]+\}\}/g) ?? []).sort().join(' ');

export function findings() {
  const read = (language) => JSON.parse(readFileSync(join(root, `src/locales/${language}.json`), 'utf8'));
  const en = read('en');
  const zh = read('zh');
  const text = sources(join(root, 'src'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const found = [];

  for (const key of Object.keys(en)) {
    if (!(key in zh)) found.push(`zh misses ${key}`);
    else if (placeholders(en[key]) !== placeholders(zh[key])) found.push(`placeholders differ: ${key}`);
    if (!en[key].trim() || !zh[key]?.trim()) found.push(`empty text: ${key}`);
  }
  for (const key of Object.keys(zh)) if (!(key in en)) found.push(`en misses ${key}`);

  const literal = new Set();
  for (const match of text.matchAll(/\bt\(\s*'([^']+)'/g)) literal.add(match[1]);
  for (const match of text.matchAll(/\b(?:labelKey|i18nKey)[:=]\s*["']([^"']+)["']/g)) literal.add(match[1]);
  for (const key of literal) if (!(key in en)) found.push(`used but unknown: ${key}`);

  const prefixes = [...text.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map((match) => match[1]);
  const quoted = new Set([...text.matchAll(/'([a-z0-9_.-]+)'/gi)].map((match) => match[1]));
  for (const key of Object.keys(en)) {
    const used = literal.has(key) || quoted.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
    if (!used) found.push(`known but unused: ${key}`);
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = findings();
  for (const line of found) console.error(line);
  if (found.length) process.exit(1);
  console.log('i18n: complete');
}
