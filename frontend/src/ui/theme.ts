import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Harbour teal: the one accent of the product. */
const harbour: MantineColorsTuple = [
  '#e8f4f5',
  '#d3e6e8',
  '#a6ccd1',
  '#74b1b9',
  '#4d9ba5',
  '#2f8a96',
  '#187c89',
  '#0b6c79',
  '#075b66',
  '#044a54',
];

const night: MantineColorsTuple = [
  '#d9dfe3',
  '#bcc5cb',
  '#9aa6ae',
  '#6f7c85',
  '#43505a',
  '#34404a',
  '#26313a',
  '#182129',
  '#11181f',
  '#0b1116',
];

const stack =
  'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

export const theme = createTheme({
  colors: { harbour, dark: night },
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.28,
  fontFamily: stack,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontFamily: stack, fontWeight: '650' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  // The library's scroll lock writes a style element, which the content security policy refuses; app.css locks instead.
  components: {
    Modal: { defaultProps: { lockScroll: false, attributes: { header: { role: 'presentation' } } } },
  },
  focusRing: 'auto',
  fontSizes: { xs: '12px', sm: '13.5px', md: '15px', lg: '17px', xl: '20px' },
});

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    '--ent-held': '#b7791f',
    '--ent-radius': '8px',
  },
  light: {
    '--mantine-color-body': '#f6f8f9',
    '--mantine-color-text': '#16212a',
    '--mantine-color-dimmed': '#52606b',
    '--mantine-color-placeholder': '#6a7781',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default': '#ffffff',
    '--mantine-color-default-border': '#c9d2d8',
    '--mantine-color-anchor': '#075b66',
    '--ent-surface': '#ffffff',
    '--ent-sunken': '#eef2f4',
    '--ent-line': '#dde4e8',
    '--ent-accent': '#0b6c79',
    '--ent-paid': '#0b6c79',
    '--ent-released': '#2f7d4f',
    '--ent-held-fill': '#c98a1b',
    '--ent-refunded': '#7a5ea8',
    '--ent-good': '#1f6b41',
    '--ent-warn': '#8a5300',
    '--ent-bad': '#b42318',
    '--ent-accent-soft': '#e3f1f2',
    '--ent-good-soft': '#e4f3ea',
    '--ent-warn-soft': '#fdf1dc',
    '--ent-bad-soft': '#fdeae8',
  },
  dark: {
    '--mantine-color-body': '#0b1116',
    '--mantine-color-text': '#dde4e8',
    '--mantine-color-dimmed': '#9fabb4',
    '--mantine-color-placeholder': '#a6b2ba',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-default': '#141c23',
    '--mantine-color-default-border': '#34404a',
    '--mantine-color-anchor': '#74b1b9',
    '--ent-surface': '#131b22',
    '--ent-sunken': '#0f161c',
    '--ent-line': '#26313a',
    '--ent-accent': '#5fb0ba',
    '--ent-paid': '#4d9ba5',
    '--ent-released': '#5cb883',
    '--ent-held-fill': '#e0a83e',
    '--ent-refunded': '#a98fd6',
    '--ent-good': '#7fd3a0',
    '--ent-warn': '#f0c064',
    '--ent-bad': '#ff9d94',
    '--ent-accent-soft': '#14333a',
    '--ent-good-soft': '#12301f',
    '--ent-warn-soft': '#352809',
    '--ent-bad-soft': '#3d1714',
  },
});
