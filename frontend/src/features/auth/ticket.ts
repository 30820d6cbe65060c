import { useState } from 'react';

/**
 * The secret behind `#` of a link that came by mail. It is taken out of the address at once, so that it stays neither
 * in the history nor in a screenshot; `kept` survives the way over the sign-in page in this tab.
 */
export function useTicket(kept?: string): string {
  const [ticket] = useState(() => {
    const given = window.location.hash.slice(1);
    if (given) {
      if (kept) sessionStorage.setItem(kept, given);
      window.history.replaceState(window.history.state, '', window.location.pathname);
      return given;
    }
    return kept ? (sessionStorage.getItem(kept) ?? '') : '';
  });
  return ticket;
}

export function forgetTicket(kept: string): void {
  sessionStorage.removeItem(kept);
}
