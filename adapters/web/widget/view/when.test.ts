// @vitest-environment happy-dom
import { afterAll, beforeAll, expect, test } from "vitest";
import catalogs from "virtual:messages/afterwards";
import widget from "virtual:messages/widget";
import { learn, speak } from "../../shared/i18n.ts";
import type { CustomerSession } from "../../shared/protocol.ts";
import { standing } from "./place.ts";
import { lasted, when } from "./when.ts";

const zone = process.env.TZ;

beforeAll(async () => {
  process.env.TZ = "Europe/Berlin";
  speak("en", (await widget.en!()).default);
  await learn(catalogs);
});
afterAll(() => {
  process.env.TZ = zone;
});

const at = (text: string) => Date.parse(text);

test("an opening is said by the visitor's own clock", () => {
  const now = at("2026-11-27T18:00:00Z");
  expect(when(at("2026-11-27T21:00:00Z"), now)).toMatch(/^today at (22:00|10:00.PM)$/);
  expect(when(at("2026-11-28T08:00:00Z"), now)).toMatch(/^tomorrow at 0?9:00/);
  expect(when(at("2026-11-30T08:00:00Z"), now)).toMatch(/^on Monday at 0?9:00/);
  expect(when(at("2026-12-28T08:00:00Z"), now)).toMatch(/^on Monday,? (28 December|December 28) at 0?9:00/);
});

test("a silence is said in its largest unit", () => {
  expect(lasted(12, "en")).toBe("12 seconds");
  expect(lasted(1795, "en")).toBe("30 minutes");
  expect(lasted(3600, "en")).toBe("1 hour");
});

const told = (part: Partial<CustomerSession>) =>
  standing({ position: null, wait: null, wait_words: null, ...part } as CustomerSession);

test("a place in line is said as far as the queue tells of it", () => {
  expect(told({ position: 3, wait: { low: 100, high: 310 } })).toEqual([
    "2 people are before you.",
    "About 2 to 5 minutes to go.",
  ]);
  expect(told({ position: 1 })).toEqual(["You are next.", ""]);
  expect(told({ wait: { low: 20, high: 40 } })).toEqual(["", "About 1 minute to go."]);
  expect(told({ wait_words: "minutes" })).toEqual(["", "It takes a few minutes."]);
  expect(told({})).toEqual(["We are looking for somebody for you.", ""]);
});
