// What the page says of scripts.
import { t } from "../../../shared/i18n.ts";
import type { Script } from "./calls.ts";
import type { Saving } from "./open.svelte.ts";

/** Where what is in force comes from. */
export function layerWords({ layer, version }: Pick<Script, "layer" | "version">): string {
  switch (layer) {
    case "published":
      return t("scripts.layer_published", { version });
    case "on disk":
      return t("scripts.layer_disk");
    case "built in":
      return t("scripts.layer_built_in");
  }
  return t("scripts.layer_none");
}

/** A layer by itself. */
export const layerWord = (layer: string): string =>
  layer === "published"
    ? t("scripts.layer_of_published")
    : layer === "on disk"
      ? t("scripts.layer_disk")
      : t("scripts.layer_built_in");

/** Whether a script is asked, and from where it is. */
export function stateWords(script: Script): string {
  if (script.layer === "") return t("scripts.not_in_force");
  const state = script.kind === "strategy" ? null : script.on ? t("scripts.on") : t("scripts.off");
  const off = script.kind === "strategy" && !script.on ? t("scripts.off") : state;
  return [off, layerWords(script)].filter(Boolean).join(", ");
}

/** What somebody should know of a script at a glance; what is wrong comes first. */
export function marksOf(script: Script): { text: string; wrong: boolean }[] {
  const marks: { text: string; wrong: boolean }[] = [];
  if (script.broken.length > 0) marks.push({ text: t("scripts.mark_broken"), wrong: true });
  if (script.figures.rests) marks.push({ text: t("scripts.mark_rests"), wrong: true });
  if (script.trial?.mode === "canary")
    marks.push({ text: t("scripts.mark_canary", { share: script.trial.share }), wrong: false });
  if (script.trial?.mode === "shadow") marks.push({ text: t("scripts.mark_shadow"), wrong: false });
  if (script.has_draft) marks.push({ text: t("scripts.mark_draft"), wrong: false });
  return marks;
}

/** How far the text is. */
export const savingWords = (saving: Saving, draft: boolean): string =>
  saving === "saved" && !draft ? t("scripts.as_live") : t(`scripts.saving_${saving}`);

/** Micros as milliseconds: 0.4. */
export const millis = (micros: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: micros < 10_000 ? 2 : 0 }).format(micros / 1000);

/** A number with its groups: 1,000,000. */
export const count = (n: number, locale: string): string => new Intl.NumberFormat(locale).format(n);
