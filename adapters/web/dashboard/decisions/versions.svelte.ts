// The numbers of published versions, for those who may read scripts; everybody else is shown the source's hash.
import { SvelteMap } from "svelte/reactivity";
import { api, me } from "../stores/index.ts";
import { shortHash } from "./words.ts";

// Nothing is drawn from it.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const asked = new Set<string>();
const numbers = new SvelteMap<string, string>();

/** What to call a version of a script; its number once that is known. */
export function versionOf(script: string, hash: string): string {
  const key = `${script} ${hash}`;
  if (!asked.has(key) && me.may("script.read")) {
    asked.add(key);
    void learnVersions(script);
  }
  return numbers.get(key) ?? shortHash(hash);
}

async function learnVersions(script: string): Promise<void> {
  try {
    const { data } = await api.page<{ version: number; hash: string }>(`/v1/scripts/${script}/versions`);
    for (const { version, hash } of data.toReversed()) numbers.set(`${script} ${hash}`, `v${version}`);
  } catch {
    // The hash has to do; a script that is built in has no versions.
  }
}
