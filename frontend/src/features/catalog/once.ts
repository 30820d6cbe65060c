import type { MouseEvent } from 'react';

/** For buttons whose answer puts another one under the pointer: the second half of a double click does not press that. */
export const once = (act: () => void) => (event: MouseEvent) => {
  if (event.detail < 2) act();
};
