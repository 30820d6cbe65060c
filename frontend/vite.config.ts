import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { FIRST } from './src/lib/first-texts';
import { cssVariablesResolver, theme } from './src/ui/theme';

const SELECTOR = ':root';

/** Writes the theme's CSS variables into the style sheet at build time, so no style element is needed at run time. */
function themeCss(): Plugin {
  const id = 'virtual:theme.css';
  return {
    name: 'entrepot-theme-css',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const base = defaultCssVariablesResolver(merged);
      const own = cssVariablesResolver(merged);
      return convertCssVariables(
        {
          variables: { ...base.variables, ...own.variables },
          light: { ...base.light, ...own.light },
          dark: { ...base.dark, ...own.dark },
        },
        SELECTOR,
      );
    },
  };
}

/** What the first page needs of the libraries, in one file: it packs better than forty, and asks for fewer connections. */
const COMPONENTS =
  'ActionIcon|Alert|Button|CloseButton|FloatingIndicator|Input|InputBase|Loader|NativeSelect|SegmentedControl|Skeleton|TextInput|Transition|UnstyledButton';
const BASE = new RegExp(
  `/node_modules/(react|react-dom|scheduler|use-sync-external-store|clsx|@tanstack/[a-z-]+|@mantine/core/esm/(core|components/(${COMPONENTS})))/`,
);
/** What every page shares of our own; the charts bring a library of their own along. */
const APP =
  /\/src\/(api|lib)\/|\/src\/ui\/(badge|frame|labels|money|moment|names|page|preferences|problem|scroll|use-locale)\./;

/** Cuts each language's texts in two: what the first page needs, and the rest. */
function texts(): Plugin {
  const name = /^virtual:texts\/(en|zh)\/(first|rest)$/;
  return {
    name: 'entrepot-texts',
    resolveId: (source) => (name.test(source) ? `\0${source}` : undefined),
    load(source) {
      const [, language, part] = name.exec(source.replace('\0', '')) ?? [];
      if (!language) return undefined;
      const file = new URL(`./src/locales/${language}.json`, import.meta.url).pathname;
      this.addWatchFile(file);
      const all = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
      const own = all.filter(([key]) => FIRST.test(key) === (part === 'first'));
      return `export default ${JSON.stringify(Object.fromEntries(own))}`;
    },
  };
}

/** Packs each script and style once, as tight as it goes; the server sends the packed file as it is. */
function packed(): Plugin {
  return {
    name: 'entrepot-packed',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          const content = file.type === 'chunk' ? file.code : file.source;
          if (!/\.(js|css|svg)$/.test(name) || content.length < 1_000) continue;
          this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotliCompressSync(content) });
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(content, { level: 9 }) });
        }
      },
    },
  };
}

export default defineConfig(async () => {
  const plugins: Plugin[] = [...(react() as Plugin[]), themeCss(), texts(), packed()];
  if (process.env.MOCK === '1') {
    const { mockApi } = await import('./src/test/mock/plugin');
    plugins.push(mockApi());
  }
  return {
    plugins,
    resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
    build: {
      manifest: true,
      target: 'es2022',
      sourcemap: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'base', test: BASE },
              { name: 'app', test: APP },
            ],
          },
        },
      },
    },
    server: { proxy: process.env.MOCK === '1' ? undefined : { '/api': 'http://127.0.0.1:8080' } },
    test: { include: ['src/test/**/*.test.ts'], environment: 'node' },
  };
});
