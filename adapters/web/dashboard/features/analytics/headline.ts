// The figures at the head of a period, beside those of the period before.
import { t } from "../../../shared/i18n.ts";
import { daysIn } from "./days.ts";
import type { KeyFigure } from "./KeyFigures.svelte";
import { narrow } from "./query.ts";
import type { Summary } from "./types.ts";
import { change, share, write, type Kind } from "./values.ts";
import { termName, type Term } from "./words.ts";

/** A figure of a summary, as it stands at the head of a period. */
export interface Headline {
  term: Term;
  kind: Kind;
  label?: () => string;
  value: (of: Summary) => number | null | undefined;
  /** How many chats are behind it, and the call that lists them. */
  n: (of: Summary) => number;
  link: (of: Summary) => string;
  more?: (of: Summary) => string | null;
}

/** replied is the call that lists the chats in which an agent wrote. */
const replied = (of: Summary): string => narrow(of.sessions.link, { is: "replied" });

const p90 = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : t("figures.p90_of", { value: write("seconds", value) });

export const trends: readonly Headline[] = [
  {
    term: "answered",
    kind: "count",
    label: () => t("figures.handled"),
    value: (of) => of.answered.n,
    n: (of) => of.answered.n,
    link: (of) => of.answered.link,
  },
  {
    term: "first_response",
    kind: "seconds",
    value: (of) => of.first_response.p50,
    n: (of) => of.first_response.n,
    link: replied,
    more: (of) => p90(of.first_response.p90),
  },
  {
    term: "duration",
    kind: "seconds",
    value: (of) => of.duration.p50,
    n: (of) => of.duration.n,
    link: (of) => of.ended.link,
    more: (of) => p90(of.duration.p90),
  },
  {
    term: "rating",
    kind: "stars",
    value: (of) => of.rating.mean,
    n: (of) => of.rating.n,
    link: (of) => of.rating.link,
    more: (of) => t("figures.ratings_n", { n: of.rating.n }),
  },
  {
    term: "abandoned",
    kind: "share",
    value: (of) => share(of.abandoned.n, of.ended.n),
    n: (of) => of.abandoned.n,
    link: (of) => of.abandoned.link,
    more: (of) => t("figures.of_chats", { n: of.abandoned.n, all: of.ended.n }),
  },
];

export const ratings: readonly Headline[] = [
  { ...trends[3]!, more: () => null },
  {
    term: "satisfied",
    kind: "share",
    value: (of) => of.rating.satisfied,
    n: (of) => of.rating.n,
    link: (of) => narrow(of.rating.link, { rating: "4,5" }),
  },
  {
    term: "rating",
    kind: "count",
    label: () => t("figures.rated"),
    value: (of) => of.rating.n,
    n: (of) => of.rating.n,
    link: (of) => of.rating.link,
  },
  {
    term: "rating",
    kind: "share",
    label: () => t("figures.rated_share"),
    value: (of) => share(of.rating.n, of.answered.n),
    n: (of) => of.rating.n,
    link: (of) => of.rating.link,
  },
];

/** figuresOf writes the figures of a period; `before` is null when they are not compared. */
export function figuresOf(headlines: readonly Headline[], now: Summary, before: Summary | null): KeyFigure[] {
  return headlines.map((headline, at) => {
    const { term, kind, label, value, n, link, more } = headline;
    const by = before && change(kind, value(now), value(before));
    const lines = [more?.(now), by && changeLine(by, now)].filter((line) => typeof line === "string");
    return {
      key: `${term}${at}`,
      label: label?.() ?? termName(term),
      term,
      text: write(kind, value(now)),
      link: n(now) > 0 ? link(now) : undefined,
      lines,
    };
  });
}

const changeLine = (by: string, { from, to }: Summary): string => t("figures.change", { by, days: daysIn(from, to) });
