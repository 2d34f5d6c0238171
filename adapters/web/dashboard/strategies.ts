// The scripts that may choose for a queue when no rule does.

/** What must be known of a script for that. */
export interface StrategyScript {
  name: string;
  title: string;
  kind: string;
  layer: string;
  hooks: readonly string[];
}

/** strategyOptions gives the strategies as choices. One that a queue has and that is gone stays among them, as `gone` calls it. */
export function strategyOptions(
  scripts: readonly StrategyScript[],
  chosen: string,
  gone: (name: string) => string,
): { value: string; label: string }[] {
  const known = scripts
    .filter(({ kind, layer, hooks }) => kind === "strategy" && layer !== "" && hooks.includes("assign"))
    .map(({ name, title }) => ({ value: name, label: title }));
  if (!chosen || known.some(({ value }) => value === chosen)) return known;
  return [{ value: chosen, label: gone(chosen) }, ...known];
}
