declare module '@tabler/icons-react/dist/esm/icons/*' {
  import type { Icon } from '@tabler/icons-react';

  const icon: Icon;
  export default icon;
}
declare module 'virtual:theme.css';
/** Texts of one language, cut in two by the build: what the first page says, and the rest. */
declare module 'virtual:texts/*' {
  const texts: Record<string, string>;
  export default texts;
}
