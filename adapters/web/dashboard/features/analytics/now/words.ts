// Waits of the moment as people read them.
import type { Wait } from "../../../../shared/protocol.ts";
import { none, seconds } from "../values.ts";

/** waited is for how many seconds something has gone on. */
export const waited = (since: string, now: number): number => Math.max(0, Math.floor((now - Date.parse(since)) / 1000));

/** rangeOf is a wait from low to high. */
export function rangeOf(wait: Wait | null): string {
  if (wait === null) return none;
  const [low, high] = [seconds(wait.low), seconds(wait.high)];
  return low === high ? high : `${low} – ${high}`;
}
