// The simulations of this window, by script: they go on while somebody looks at another tab or script.
import { calls } from "./calls.ts";
import { WhatIf } from "./whatif.svelte.ts";

const known = new Map<string, WhatIf>();

/** whatIf gives the simulation of a script; it is the same one each time. */
export function whatIf(script: string): WhatIf {
  let one = known.get(script);
  if (!one) known.set(script, (one = new WhatIf(script, calls)));
  return one;
}
