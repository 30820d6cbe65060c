import { joined, listed } from './filter';

/** What is asked of properties, as it stands in the address: `key:value` once for each value, `key:from..to` for a number. */
export function valuesOf(property: string | undefined, key: string): string[] {
  return listed(property)
    .filter((one) => one.startsWith(`${key}:`))
    .map((one) => one.slice(key.length + 1));
}

/** The bounds asked of a number. */
export function boundsOf(property: string | undefined, key: string): { from: string; to: string } {
  const [from = '', to = ''] = (valuesOf(property, key)[0] ?? '').split('..');
  return { from, to };
}

/** With a value of a choice taken in or out. */
export function withValue(property: string | undefined, key: string, value: string): string | undefined {
  const one = `${key}:${value}`;
  const all = listed(property);
  return joined(all.includes(one) ? all.filter((other) => other !== one) : [...all, one]);
}

/** With other bounds of a number; none where both ends are empty. */
export function withBounds(
  property: string | undefined,
  key: string,
  { from, to }: { from: string; to: string },
): string | undefined {
  const others = listed(property).filter((one) => !one.startsWith(`${key}:`));
  return joined(from || to ? [...others, `${key}:${from}..${to}`] : others);
}
