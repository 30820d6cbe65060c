// Prints what a first visit downloads: entry, its static imports, the first route and one language.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const LIMIT = 250_000;

function measure(title, starts) {
  const seen = new Set();
  const styles = new Set();
  const walk = (id) => {
    if (seen.has(id)) return;
    const chunk = manifest[id];
    if (!chunk) throw new Error(`no chunk ${id}`);
    seen.add(id);
    for (const style of chunk.css ?? []) styles.add(style);
    for (const child of chunk.imports ?? []) walk(child);
  };
  starts.forEach(walk);
  const gzip = (file) => gzipSync(readFileSync(new URL(file, dist))).length;
  const script = [...seen].map((id) => manifest[id].file).filter((f) => f.endsWith('.js'));
  const bytes = script.reduce((sum, file) => sum + gzip(file), 0);
  const css = [...styles].reduce((sum, file) => sum + gzip(file), 0);
  console.log(
    `${title}: script ${(bytes / 1000).toFixed(1)} kB gzip in ${script.length} files, style ${(css / 1000).toFixed(1)} kB`,
  );
  return bytes;
}

const shell = ['index.html', 'src/locales/en.json'];
const signIn = measure('sign-in', [...shell, 'src/features/auth/sign-in.tsx']);
const list = measure('products', [...shell, 'src/app/shell.tsx', 'src/features/catalog/product-list.tsx']);
if (Math.max(signIn, list) > LIMIT) {
  console.error(`first route exceeds ${LIMIT} bytes`);
  process.exit(1);
}
