// Makes openapi.json from the server's routes and src/api/schema.gen.d.ts from it. With --check it builds nothing and
// tells whether the types still follow the kept document; that the document follows the routes is a Rust test.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';

const root = new URL('..', import.meta.url);
const documentFile = new URL('openapi.json', root);
const typesFile = new URL('src/api/schema.gen.d.ts', root);
const checking = process.argv.includes('--check');

/** Schemas are exported under their own names too, so that screens can import them by name. */
const OPTIONS = { rootTypes: true, rootTypesNoSchemaPrefix: true, rootTypesKeepCasing: true };

async function typesOf(document) {
  return COMMENT_HEADER + astToString(await openapiTS(JSON.parse(document), OPTIONS));
}

if (checking) {
  const [document, kept] = [readFileSync(documentFile, 'utf8'), readFileSync(typesFile, 'utf8')];
  if ((await typesOf(document)) !== kept) {
    console.error('src/api/schema.gen.d.ts does not follow openapi.json: run `npm run api` and commit both.');
    process.exit(1);
  }
  console.log('api: types follow the document');
} else {
  const document = execFileSync(
    'cargo',
    ['run', '--quiet', '--locked', '--bin', 'entrepot', '--', 'openapi'],
    {
      cwd: new URL('..', root),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  writeFileSync(documentFile, document);
  writeFileSync(typesFile, await typesOf(document));
  console.log('api: openapi.json and src/api/schema.gen.d.ts are made');
}
