import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
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

export default defineConfig(async () => {
  const plugins: Plugin[] = [...(react() as Plugin[]), themeCss()];
  if (process.env.MOCK === '1') {
    const { mockApi } = await import('./src/test/mock/plugin');
    plugins.push(mockApi());
  }
  return {
    plugins,
    resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
    build: { manifest: true, target: 'es2022', sourcemap: false, modulePreload: { polyfill: false } },
    server: { proxy: process.env.MOCK === '1' ? undefined : { '/api': 'http://127.0.0.1:8080' } },
    test: { include: ['src/test/**/*.test.ts'], environment: 'node' },
  };
});
