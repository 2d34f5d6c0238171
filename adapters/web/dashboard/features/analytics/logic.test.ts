import { describe, expect, it } from "vitest";
import figures from "virtual:messages/figures";
import inbox from "virtual:messages/dashboard";
import { learn, speak } from "../../../shared/i18n.ts";
import { dayIn, daysIn, isDay, plus, span } from "./days.ts";
import { lateList, periodOf, titleOf } from "./describe.ts";
import { addressOf, askOf, before, drawn, narrow, placeOf, searchOf, wrongRange } from "./query.ts";
import { orderOf, sorted, textOf, type Cells } from "./sort.ts";
import { change, seconds, share, write } from "./values.ts";

async function say(language: string) {
  speak(language, (await inbox[language]!()).default);
  await learn(figures);
}

const space = (text: string | null) => text?.replace(/[\u00a0\u202f\u2009]/g, " ");

describe("days", () => {
  it("are those of a time zone", () => {
    const at = Date.parse("2026-10-24T23:30:00Z");
    expect(dayIn("UTC", at)).toBe("2026-10-24");
    expect(dayIn("Europe/Berlin", at)).toBe("2026-10-25");
    expect(dayIn("America/New_York", at)).toBe("2026-10-24");
  });

  it("follow each other over months and changes of the clock", () => {
    expect(plus("2026-10-24", 2)).toBe("2026-10-26");
    expect(plus("2026-03-01", -1)).toBe("2026-02-28");
    expect(daysIn("2026-10-20", "2026-10-29")).toBe(10);
    expect([isDay("2026-02-28"), isDay("2026-02-30"), isDay("20.10.2026")]).toEqual([true, false, false]);
  });
});

describe("the address of the page", () => {
  it("has what is not as at the start, and comes back from it", () => {
    const place = { ...placeOf("?tab=trends&range=90&queue=que_1&compare=off&sort=-rating&list=is%3Drated") };
    expect(place).toMatchObject({ tab: "trends", range: "90", queue: "que_1", compare: false, sort: "-rating" });
    expect(place.list).toBe("is=rated");
    expect(placeOf(searchOf(place))).toEqual(place);
    expect(searchOf(placeOf(""))).toBe("");
    expect(searchOf({ ...placeOf(""), tab: "agents" })).toBe("?tab=agents");
  });

  it("falls back where it makes no sense", () => {
    expect(placeOf("?tab=weather&range=5000").range).toBe("30");
    expect(placeOf("?range=custom&from=2026-10-29&to=2026-10-20")).toMatchObject({ range: "30", from: "", to: "" });
    expect(placeOf("?range=custom&from=2026-10-20&to=2026-10-29")).toMatchObject({ range: "custom", to: "2026-10-29" });
    expect(placeOf("?range=7&from=2026-10-20&to=2026-10-29").from).toBe("");
  });

  it("says what is wrong with days", () => {
    expect(wrongRange("", "2026-10-29")).toBe("missing");
    expect(wrongRange("2026-10-30", "2026-10-29")).toBe("order");
    expect(wrongRange("2025-01-01", "2026-10-29")).toBe("long");
    expect(wrongRange("2025-09-25", "2026-10-29")).toBeNull();
  });
});

describe("questions", () => {
  const of = (search: string) => askOf(placeOf(search), "2026-10-29");

  it("end today, or where somebody chose", () => {
    expect(of("")).toEqual({ from: "2026-09-30", to: "2026-10-29" });
    expect(of("?range=today&queue=que_1")).toEqual({ from: "2026-10-29", to: "2026-10-29", queue: "que_1" });
    expect(of("?range=custom&from=2026-10-01&to=2026-10-02")).toEqual({ from: "2026-10-01", to: "2026-10-02" });
  });

  it("about the period before are as long", () => {
    expect(before(of("?range=7"))).toEqual({ from: "2026-10-16", to: "2026-10-22" });
    expect(before(of("?range=today&queue=que_1"))).toEqual({ from: "2026-10-28", to: "2026-10-28", queue: "que_1" });
  });

  it("of a chart are about a week at least", () => {
    expect(drawn(of("?range=today"))).toEqual({ from: "2026-10-23", to: "2026-10-29" });
    expect(drawn(of("?range=7"))).toEqual(of("?range=7"));
  });

  it("are calls", () => {
    expect(addressOf("daily.csv", of("?range=7"))).toBe("/v1/analytics/daily.csv?from=2026-10-23&to=2026-10-29");
    expect(addressOf("breakdown", { from: "a", to: "b" }, { by: "tag" })).toContain("by=tag");
    expect(narrow("/v1/sessions?from=a&is=rated", { rating: "4,5" })).toBe("/v1/sessions?from=a&is=rated&rating=4%2C5");
    expect(narrow("/v1/sessions?from=a&is=rated", { is: "" })).toBe("/v1/sessions?from=a");
  });
});

describe("figures", () => {
  it("are written as people read them", async () => {
    await say("en");
    const told = [0.42, 38.4, 59.7, 462, 5400, 360_000].map((value) => space(seconds(value)));
    expect(told).toEqual(["0.4 s", "38 s", "1:00", "7:42", "1.5 h", "100 h"]);
    expect([write("count", 6214), write("stars", 4.6), write("share", 0.0412)]).toEqual(["6,214", "4.60", "4.1%"]);
    expect([write("count", null), write("seconds", undefined)]).toEqual(["–", "–"]);
    await say("de");
    expect([write("count", 6214), write("stars", 4.6), space(write("share", 0.0412))]).toEqual([
      "6.214",
      "4,60",
      "4,1 %",
    ]);
  });

  it("say how they changed", async () => {
    await say("en");
    expect(change("count", 108, 100)).toBe("+8%");
    expect(change("count", 99, 100)).toBe("−1%");
    expect(change("count", 100, 100)).toBe("±0%");
    expect(change("count", 12, 0)).toBe("+12");
    expect(space(change("seconds", 32, 38))).toBe("−6 s");
    expect(change("stars", 4.62, 4.57)).toBe("+0.05");
    expect(change("share", 0.041, 0.05)).toBe("−0.9 points");
    expect(change("seconds", null, 38)).toBeNull();
    expect(change("seconds", 38, undefined)).toBeNull();
    expect([share(1, 4), share(1, 0)]).toEqual([0.25, null]);
  });
});

describe("tables", () => {
  interface Row {
    name: string;
    n: number | null;
  }
  const cells: Cells<Row> = { name: ({ name }) => name, n: ({ n }) => n };
  const rows = [
    { name: "Mei", n: 2 },
    { name: "Ida", n: null },
    { name: "Åsa", n: 10 },
    { name: "Bo", n: 2 },
  ];
  const names = (by: string, descending: boolean) => sorted(rows, cells, { by, descending }).map(({ name }) => name);

  it("are sorted by a column, with what is not there last", () => {
    expect(names("n", true)).toEqual(["Åsa", "Mei", "Bo", "Ida"]);
    expect(names("n", false)).toEqual(["Mei", "Bo", "Åsa", "Ida"]);
    expect(names("name", false)).toEqual(["Åsa", "Bo", "Ida", "Mei"]);
  });

  it("keep their order in the address", () => {
    const first = { by: "n", descending: true };
    expect(orderOf("-name", cells, first)).toEqual({ by: "name", descending: true });
    expect(orderOf("weather", cells, first)).toBe(first);
    expect(orderOf("", cells, first)).toBe(first);
    expect(textOf({ by: "name", descending: true })).toBe("-name");
  });
});

describe("a list of chats", () => {
  const names = { queue: (id: string) => `Queue ${id}`, agent: (id: string) => `Agent ${id}`, bot: (id: string) => id };
  const title = (list: string) => titleOf(list, names).replace(/[\u2068\u2069]/g, "");

  it("is called by what its chats have in common", async () => {
    await say("en");
    expect(title("from=2026-10-20&to=2026-10-30")).toBe("Chats");
    expect(title("is=abandoned&priority=urgent")).toBe("Left the queue · Urgent");
    expect(title("handled_by=7&queue=1,2")).toBe("Agent 7 · Queue 1, Queue 2");
    expect(title("weekday=0&hour=9")).toBe("Monday 9:00");
    expect(title("is=rated&rating=1")).toBe("Rating · 1 star");
    expect(title("status=pending,waiting")).toBe("Waiting now");
    expect(title("status=pending,waiting,active")).toBe("Open chats");
    expect(title("tag=none")).toBe("No tag");
    expect(title(lateList)).toBe("Late");
  });

  it("is about days of the account's zone", async () => {
    await say("en");
    const berlin = "from=2026-10-23T22:00:00.000Z&to=2026-10-25T23:00:00.000Z";
    expect(periodOf(berlin, "Europe/Berlin")).toBe(span("2026-10-24", "2026-10-25", "en"));
    expect(periodOf("status=active", "Europe/Berlin")).toBe("");
  });
});
