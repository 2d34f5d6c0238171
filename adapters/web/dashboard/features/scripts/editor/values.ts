// What a dry run has to say of the lines of a script.

/** Something that happened while a script ran. */
export interface Step {
  line: number;
  name?: string;
  call?: string;
  value?: string;
  steps: number;
}

const longest = 90;
const most = 3;

/**
 * What stands faintly at the end of each line: the last value of each name and the answer of each call, with how often
 * when a loop came by more than once.
 */
export function valuesByLine(steps: readonly Step[]): Map<number, string> {
  const lines = new Map<number, Map<string, { text: string; times: number }>>();
  for (const step of steps) {
    const what = step.name ?? step.call ?? "";
    if (step.line < 1 || what === "") continue;
    const line = lines.get(step.line) ?? new Map<string, { text: string; times: number }>();
    const key = step.name ?? step.call!.replace(/\(.*$/s, "");
    line.set(key, { text: textOf(step), times: (line.get(key)?.times ?? 0) + 1 });
    lines.set(step.line, line);
  }
  return new Map([...lines].map(([line, entries]) => [line, lineOf([...entries.values()])]));
}

function textOf({ name, call, value }: Step): string {
  if (name !== undefined) return value === undefined ? name : `${name} = ${value}`;
  return value === undefined ? call! : `${call} → ${value}`;
}

function lineOf(entries: readonly { text: string; times: number }[]): string {
  const shown = entries.slice(0, most).map(({ text, times }) => (times > 1 ? `${text} (${times}×)` : text));
  const text = shown.join(", ") + (entries.length > most ? ", …" : "");
  const line = text.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** How one step reads in the list of them. */
export const stepTitle = ({ name, call }: Step): string => name ?? call ?? "";
