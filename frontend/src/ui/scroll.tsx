import type { ReactNode } from 'react';

/** A table wider than its place: it scrolls by itself and can be reached by keyboard. */
export function Scroll({
  label,
  className = '',
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring form meaning to a table
    <div className={`scroll-x ${className}`} role="group" tabIndex={0} aria-label={label}>
      {children}
    </div>
  );
}
