/**
 * What a tab keeps over a reload, a step back and a session that ran out: what was typed, and the key of what was sent.
 * Each value belongs to the seat that left it, and goes when its owner signs out.
 */
const PREFIX = 'entrepot-kept';

const nameOf = (owner: string, name: string) => `${PREFIX}/${owner}/${name}`;

export function keep(owner: string, name: string, value: unknown): void {
  try {
    sessionStorage.setItem(nameOf(owner, name), JSON.stringify(value));
  } catch {
    // A full or forbidden store costs the memory over a reload, not the step itself.
  }
}

export function kept<T>(owner: string, name: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(owner, name)) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function drop(owner: string, name: string): void {
  try {
    sessionStorage.removeItem(nameOf(owner, name));
  } catch {
    // Nothing was kept.
  }
}

/** Forgets what everybody left in this tab. */
export function dropAll(): void {
  try {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(`${PREFIX}/`)) sessionStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}
