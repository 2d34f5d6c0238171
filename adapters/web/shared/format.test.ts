import { describe, expect, test } from "vitest";
import {
  ago,
  bytes,
  cutTo,
  day,
  duration,
  firstName,
  fullDuration,
  initials,
  isolate,
  localTime,
  plain,
  time,
} from "./format.ts";

const at = (text: string) => new Date(text).getTime();

describe("a duration", () => {
  test.each([
    [-3, "0 s"],
    [43.9, "43 s"],
    [60, "1:00"],
    [132, "2:12"],
    [3599, "59:59"],
    [3600, "1 h"],
    [86_399, "23 h"],
    [200_000, "2 d"],
  ])("of %s seconds is short", (seconds, want) => expect(duration(seconds).replace("\u00a0", " ")).toBe(want));

  test("is in words for those who cannot see it", () => {
    expect(fullDuration(132, "en")).toBe("2 minutes, 12 seconds");
    expect(fullDuration(3600, "en")).toBe("1 hour");
    expect(fullDuration(0, "en")).toBe("0 seconds");
    expect(fullDuration(132, "de")).toBe("2 Minuten, 12 Sekunden");
  });
});

describe("a day", () => {
  const now = at("2026-03-14T15:00:00");
  test.each([
    ["2026-03-14T00:00:00", "Today"],
    ["2026-03-13T23:59:00", "Yesterday"],
    ["2026-03-10T12:00:00", "Tuesday, March 10"],
    ["2024-12-24T12:00:00", "Tuesday, December 24, 2024"],
  ])("%s is %s", (when, want) => expect(day(at(when), now, "en")).toBe(want));

  test("is told in the language of the page", () => expect(day(now, now, "de")).toBe("Heute"));
});

test("what is past is told in the largest unit", () => {
  const now = at("2026-03-14T15:00:00");
  expect([10, 240, 7_200, 200_000].map((s) => ago(now - s * 1000, now, "en"))).toEqual([
    "now",
    "4 minutes ago",
    "2 hours ago",
    "2 days ago",
  ]);
});

test("a time zone that there is not has no local time", () => {
  const now = at("2026-03-14T15:00:00Z");
  expect(localTime("Asia/Tokyo", now, "en-GB")).toBe("00:00");
  expect(localTime("Nowhere/Land", now, "en-GB")).toBeNull();
  expect(time(now, "en-GB", "Europe/Berlin")).toBe("16:00");
});

test("a size is told in the unit that fits", () => {
  expect([0, 999, 184_213, 1_500_000, 20_971_520].map((n) => bytes(n, "en"))).toEqual([
    "0 byte",
    "999 byte",
    "184 kB",
    "1.5 MB",
    "21 MB",
  ]);
});

describe("initials", () => {
  test.each([
    ["Hana Sato", "HS"],
    ["ida", "I"],
    ["Anna-Lena von Ütz", "AÜ"],
    ["ida.nyberg@example.com", "IC"],
    ["李小龙", "李"],
    ["👩‍👩‍👧 Family", "👩‍👩‍👧F"],
    ["é́tienne", "É́"],
    ["", "?"],
    ["  \u202e ", "?"],
  ])("of %j are %s", (name, want) => expect(initials(name)).toBe(want));
});

test("the first name is the first word, and a name in one piece stays whole", () => {
  expect(firstName("  Hana Sato ")).toBe("Hana");
  expect(firstName("李小龙")).toBe("李小龙");
  expect(firstName("")).toBe("");
});

describe("I06 a name that turns the text around it", () => {
  test("is isolated, and what turns is taken out", () => {
    expect(isolate("a\u202eb")).toBe("\u2068ab\u2069");
    expect(plain("\u2067evil\u2069\u200f")).toBe("evil");
  });
});

test("I07 a text is cut between characters as readers see them", () => {
  expect(cutTo("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 2)).toBe("👩‍👩‍👧👩‍👩‍👧…");
  expect(cutTo("short", 5)).toBe("short");
  expect(cutTo("👩‍👩‍👧👩‍👩‍👧", 2)).toBe("👩‍👩‍👧👩‍👩‍👧");
});
