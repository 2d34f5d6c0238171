// What somebody has changed in a form: how much it is, and how it goes together with what others changed meanwhile.
// A form's value is made of plain objects; whatever else stands in it is one thing, and changes as a whole.

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** same says whether two values read the same. */
export function same(a: unknown, b: unknown): boolean {
  if (isFields(a) && isFields(b)) return keysOf(a, b).every((key) => same(a[key], b[key]));
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** changesIn counts the things that differ. What came or went counts once, however much it holds. */
export function changesIn(before: unknown, now: unknown): number {
  if (!isFields(before) || !isFields(now)) return same(before, now) ? 0 : 1;
  return keysOf(before, now).reduce((sum, key) => sum + changesIn(before[key], now[key]), 0);
}

/** merged gives what a form shows when `before` became `theirs` meanwhile: what was changed here stays, the rest follows. */
export function merged<T>(before: T, now: T, theirs: T): T {
  if (!isFields(before) || !isFields(now) || !isFields(theirs)) return same(before, now) ? theirs : now;
  const all = new Set([...keysOf(before, now), ...Object.keys(theirs)]);
  const entries = [...all].map((key) => [key, merged(before[key], now[key], theirs[key])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as T;
}

/** changedFields gives the fields of the first level that differ, as they are now. */
export function changedFields<T extends object>(before: T, now: T): Partial<T> {
  const names = Object.keys(now) as (keyof T)[];
  return Object.fromEntries(
    names.filter((name) => !same(before[name], now[name])).map((name) => [name, now[name]]),
  ) as Partial<T>;
}

const keysOf = (a: Fields, b: Fields): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];
