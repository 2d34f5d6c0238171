// What the page shows, as it stands in the address.
import { daysIn, isDay, plus } from "./days.ts";

export const tabs = ["now", "trends", "agents", "queues", "ratings"] as const;
export type Tab = (typeof tabs)[number];

export const ranges = ["today", "7", "30", "90", "custom"] as const;
export type Range = (typeof ranges)[number];

export interface Place {
  tab: Tab;
  range: Range;
  /** The days of a custom range. */
  from: string;
  to: string;
  /** The queue that it is about; empty for all. */
  queue: string;
  /** Whether figures say how they were in the period before. */
  compare: boolean;
  /** The column that a table is sorted by, with "-" before it when the largest comes first. */
  sort: string;
  /** The chats that are listed at the side: what follows /v1/sessions?; empty for none. */
  list: string;
}

/** The days and the queue that a question is about, as the API wants them. */
export interface Ask {
  from: string;
  to: string;
  queue?: string;
}

/** The longest period that the server answers for. */
export const mostDays = 400;

const start: Place = { tab: "now", range: "30", from: "", to: "", queue: "", compare: true, sort: "", list: "" };

/** placeOf reads an address. What it does not understand is as at the start. */
export function placeOf(search: string): Place {
  const asked = new URLSearchParams(search);
  const one = <T extends string>(name: string, of: readonly T[], otherwise: T): T =>
    of.find((value) => value === asked.get(name)) ?? otherwise;
  const place: Place = {
    tab: one("tab", tabs, start.tab),
    range: one("range", ranges, start.range),
    from: asked.get("from") ?? "",
    to: asked.get("to") ?? "",
    queue: asked.get("queue") ?? "",
    compare: asked.get("compare") !== "off",
    sort: asked.get("sort") ?? "",
    list: asked.get("list") ?? "",
  };
  if (place.range === "custom" && wrongRange(place.from, place.to) === null) return place;
  return { ...place, range: place.range === "custom" ? start.range : place.range, from: "", to: "" };
}

/** searchOf writes an address; what is as at the start is left out. */
export function searchOf(place: Place): string {
  const asked = new URLSearchParams();
  for (const name of ["tab", "range", "from", "to", "queue", "sort", "list"] as const) {
    const custom = place.range === "custom" || (name !== "from" && name !== "to");
    if (custom && place[name] !== start[name]) asked.set(name, place[name]);
  }
  if (!place.compare) asked.set("compare", "off");
  const text = asked.toString();
  return text && `?${text}`;
}

/** wrongRange says what is wrong with the days of a custom range, or null. */
export function wrongRange(from: string, to: string): "missing" | "order" | "long" | null {
  if (!isDay(from) || !isDay(to)) return "missing";
  if (from > to) return "order";
  return daysIn(from, to) > mostDays ? "long" : null;
}

/** askOf is what a place asks on a day. */
export function askOf({ range, from, to, queue }: Place, today: string): Ask {
  const more = queue && { queue };
  if (range === "custom") return { from, to, ...more };
  const days = range === "today" ? 1 : Number(range);
  return { from: plus(today, 1 - days), to: today, ...more };
}

/** before is the same question about the period before, which is as long. */
export function before(ask: Ask): Ask {
  const days = daysIn(ask.from, ask.to);
  return { ...ask, from: plus(ask.from, -days), to: plus(ask.to, -days) };
}

const fewest = 7;

/** drawn is the question of a chart over days: a line wants some, so one about a few days begins a week before its end. */
export function drawn(ask: Ask): Ask {
  return daysIn(ask.from, ask.to) >= fewest ? ask : { ...ask, from: plus(ask.to, 1 - fewest) };
}

/** addressOf is a call of the API with a question. */
export function addressOf(path: string, ask: Partial<Ask>, more: Record<string, string> = {}): string {
  const asked = new URLSearchParams({ ...ask, ...more }).toString();
  return `/v1/analytics/${path}${asked && `?${asked}`}`;
}

/** narrow adds conditions to the call that lists the chats behind a figure; an empty one takes a condition away. */
export function narrow(link: string, conditions: Record<string, string>): string {
  const [path = "", search = ""] = link.split("?");
  const asked = new URLSearchParams(search);
  for (const [name, value] of Object.entries(conditions)) {
    if (value === "") asked.delete(name);
    else asked.set(name, value);
  }
  return `${path}?${asked.toString()}`;
}
