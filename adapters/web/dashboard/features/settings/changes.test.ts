import { describe, expect, test } from "vitest";
import { changedFields, changesIn, merged, same } from "./changes.ts";

describe("changes of a form", () => {
  test("count each field, and what came or went once", () => {
    const before = { name: "Office", week: { mon: [1], tue: [2] }, texts: { en: "Hi" } };
    expect(changesIn(before, { ...before })).toBe(0);
    expect(changesIn(before, { ...before, name: "Desk" })).toBe(1);
    expect(changesIn(before, { ...before, week: { mon: [1, 2], tue: [] } })).toBe(2);
    expect(changesIn(before, { ...before, texts: { de: "Hallo" } })).toBe(2);
    expect(changesIn({ days: {} }, { days: { a: { date: "12-25", name: "x", spans: [] } } })).toBe(1);
  });

  test("keep what is written when somebody else changes the rest", () => {
    const before = { name: "Office", zone: "UTC", week: { mon: [1], tue: [2] } };
    const mine = { ...before, name: "Desk", week: { mon: [1], tue: [3] } };
    const theirs = { name: "Bureau", zone: "Asia/Tokyo", week: { mon: [9], tue: [2] } };
    expect(merged(before, mine, theirs)).toEqual({ name: "Desk", zone: "Asia/Tokyo", week: { mon: [9], tue: [3] } });
  });

  test("follow what came and went there, and keep what came and went here", () => {
    const before: Record<string, number> = { a: 1, b: 2 };
    expect(merged(before, { a: 1, b: 2, mine: 3 }, { b: 2, theirs: 4 })).toEqual({ b: 2, mine: 3, theirs: 4 });
    expect(merged(before, { a: 1 }, { a: 1, b: 2 })).toEqual({ a: 1 });
  });

  test("are sent by field", () => {
    const before = { name: "general", max_wait: 0, rule: { do: "nothing", queue: null } };
    expect(changedFields(before, { ...before, max_wait: 60 })).toEqual({ max_wait: 60 });
    expect(changedFields(before, { ...before, rule: { do: "end", queue: null } })).toEqual({
      rule: { do: "end", queue: null },
    });
  });

  test("are none when things read the same in another order", () => {
    expect(same({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 })).toBe(true);
    expect(same({ a: undefined }, {})).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
  });
});
