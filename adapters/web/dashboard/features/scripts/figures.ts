// Figures of simulations in words, and the bars that show them.
import { isolate } from "../../../shared/format.ts";
import { t } from "../../../shared/i18n.ts";
import type { Simulated, SimulationResult, Spread } from "./calls.ts";

/** Seconds as a time: 4.2 s, 38 s, 3.1 min. */
export function waitWords(seconds: number, locale: string): string {
  const unit = seconds < 120 ? "second" : seconds < 7200 ? "minute" : "hour";
  const value = seconds / { second: 1, minute: 60, hour: 3600 }[unit];
  const digits = unit !== "second" || value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** A share as percent: 8.4 %. */
export const shareWords = (share: number, locale: string): string =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** How far off a figure is: +12 %. */
export const offWords = (off: number, locale: string): string =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(off);

/** The date so many days before a moment, where the browser is. */
export function dayBefore(now: number, days: number): string {
  const today = new Date(now);
  return new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate() - days)).toISOString().slice(0, 10);
}

type Words = (value: number, locale: string) => string;

/** What a figure may be off by: ± 3 s. */
export const mayBeOff = ({ plus_minus: off }: Spread, words: Words, locale: string): string =>
  off === null ? "" : `± ${words(off, locale)}`;

/** What a variant is called. */
export function variantWords(variant: Simulated): string {
  if (variant.what === "script") return t("scripts.sim_draft");
  if (variant.what === "agents")
    return t("scripts.sim_more", { count: Math.abs(variant.more), signed: signed(variant.more) });
  return t("scripts.sim_present");
}

const signed = (n: number): string => (n > 0 ? `+${n}` : String(n).replace("-", "\u2212"));

/** Who was added or taken away. */
export function likeWords(variant: Simulated, locale: string): string {
  const names = new Intl.ListFormat(locale, { type: "conjunction" });
  const like = names.format((variant.like ?? []).map(isolate));
  return variant.more < 0 ? t("scripts.sim_without", { like }) : t("scripts.sim_like", { like });
}

/** What a variant changes, in a sentence for each figure; what may be chance is said so. */
export function changeWords({ change }: Simulated, locale: string): string[] {
  if (!change) return [];
  const say = (key: "p50" | "p90" | "abandoned", words: Words) => {
    const { mean, sure } = change[key];
    if (!sure) return t(`scripts.sim_same_${key}`);
    const by = words(Math.abs(mean), locale);
    return mean < 0 ? t(`scripts.sim_less_${key}`, { by }) : t(`scripts.sim_more_${key}`, { by });
  };
  return [say("p50", waitWords), say("p90", waitWords), say("abandoned", shareWords)];
}

/** What one should know of a result. */
export function noteWords({ code, n, of, script }: NonNullable<SimulationResult["notes"]>[number]): string {
  if (code === "fewer_days") return t("scripts.sim_fewer_days", { n, of });
  if (code === "fewer_runs") return t("scripts.sim_fewer_runs", { n, of });
  return t("scripts.sim_everywhere", { script: isolate(script) });
}

export interface BarLine {
  name: string;
  /** 0 to 1 of the width there is. */
  size: number;
  /** Where the figure may lie, from 0 to 1. */
  from: number;
  to: number;
  text: string;
  present: boolean;
}

export interface BarGroup {
  title: string;
  lines: BarLine[];
}

/** The bars of a result: waits on one scale, who gave up on another. */
export function barsOf(result: SimulationResult, locale: string): BarGroup[] {
  const variants = result.variants ?? [];
  const group = (title: string, words: Words, most: number, of: (variant: Simulated) => Spread): BarGroup => ({
    title,
    lines: variants.map((variant, i) => {
      const { mean, plus_minus: off } = of(variant);
      const part = (value: number) => (most > 0 ? Math.min(1, Math.max(0, value / most)) : 0);
      return {
        name: variantWords(variant),
        size: part(mean),
        from: part(mean - (off ?? 0)),
        to: part(mean + (off ?? 0)),
        text: words(mean, locale),
        present: i === 0,
      };
    }),
  });
  const top = (of: (variant: Simulated) => Spread) =>
    Math.max(...variants.map((variant) => of(variant).mean + (of(variant).plus_minus ?? 0)));
  const waits = Math.max(
    top(({ wait }) => wait.p50),
    top(({ wait }) => wait.p90),
  );
  return [
    group(t("scripts.sim_p50"), waitWords, waits, ({ wait }) => wait.p50),
    group(t("scripts.sim_p90"), waitWords, waits, ({ wait }) => wait.p90),
    group(
      t("scripts.sim_abandoned"),
      shareWords,
      top(({ abandoned }) => abandoned),
      ({ abandoned }) => abandoned,
    ),
  ];
}
