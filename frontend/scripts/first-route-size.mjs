// Prints what a first visit downloads: entry, its static imports, the first route and one language.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
/** What a first visit may cost in script and style. The aim of 150 kB of script was reached; what was won is held. */
const AIM = 150_000;
const LIMIT = 160_000;
const STYLE_LIMIT = 20_000;
const firstTexts = Object.keys(manifest).find((id) => id.endsWith('virtual:texts/en/first'));
if (!firstTexts) throw new Error('the texts of the first page are not a chunk of their own');

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
  return { bytes, css };
}

const shell = ['index.html', firstTexts];
const signIn = measure('sign-in', [...shell, 'src/features/auth/sign-in.tsx']);
const list = measure('products', [...shell, 'src/app/shell.tsx', 'src/features/catalog/product-list.tsx']);
const most = Math.max(signIn.bytes, list.bytes);
const style = Math.max(signIn.css, list.css);
const missed = most > AIM ? `${((most - AIM) / 1000).toFixed(1)} kB above the aim` : 'reached';
console.log(
  `script: limit ${LIMIT / 1000} kB, aim ${AIM / 1000} kB, ${missed}; style: limit ${STYLE_LIMIT / 1000} kB`,
);
if (most > LIMIT || style > STYLE_LIMIT) {
  console.error('the first route exceeds its limit');
  process.exit(1);
}
