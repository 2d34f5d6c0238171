import { describe, expect, test } from "vitest";
import { atWallClock, conditionAt, nextOpening, wallClock } from "./almanac.ts";
import type { Week } from "./week.ts";

const nine = [{ from: "09:00", to: "17:00" }];
const office: Week = { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: [], sun: [] };
const at = (time: string) => Date.parse(time);

describe("what holds by a schedule", () => {
  test("within hours, and after them over the weekend", () => {
    // A Friday.
    expect(conditionAt(office, [], "Europe/Berlin", at("2026-11-27T10:00:00Z"))).toEqual({
      open: true,
      until: { days: 0, minute: 17 * 60, date: "2026-11-27" },
      holiday: "",
    });
    expect(conditionAt(office, [], "Europe/Berlin", at("2026-11-27T16:00:00Z"))).toEqual({
      open: false,
      until: { days: 3, minute: 9 * 60, date: "2026-11-30" },
      holiday: "",
    });
  });

  test("goes by the wall clock of its zone", () => {
    expect(conditionAt(office, [], "Asia/Tokyo", at("2026-11-27T10:00:00Z")).open).toBe(false);
    expect(wallClock("Asia/Kathmandu", at("2026-11-27T00:00:00Z"))).toEqual({ date: "2026-11-27", minute: 345 });
  });

  test("a day of its own holds instead of its week, the one with a year before the yearly one", () => {
    const days = [
      { date: "12-24", name: "Christmas Eve", spans: [{ from: "09:00", to: "13:00" }] },
      { date: "2026-12-24", name: "Move", spans: [] },
      { date: "2026-12-25", name: "Christmas", spans: [] },
    ];
    const now = at("2026-12-24T10:00:00Z");
    expect(conditionAt(office, days, "UTC", now)).toEqual({
      open: false,
      until: { days: 4, minute: 540, date: "2026-12-28" },
      holiday: "Move",
    });
    expect(conditionAt(office, days.slice(0, 1), "UTC", now)).toMatchObject({ open: true, until: { minute: 780 } });
  });

  test("a night goes on after midnight, and ends at the midnight of a day of its own", () => {
    const night = [{ from: "22:00", to: "06:00" }];
    const nights: Week = { mon: night, tue: night, wed: night, thu: night, fri: night, sat: night, sun: night };
    const now = at("2026-11-27T02:00:00Z");
    expect(conditionAt(nights, [], "UTC", now)).toMatchObject({ open: true, until: { days: 0, minute: 360 } });
    const closed = [{ date: "2026-11-28", name: "", spans: [] }];
    expect(conditionAt(nights, closed, "UTC", at("2026-11-27T23:00:00Z"))).toMatchObject({
      open: true,
      until: { days: 1, minute: 0 },
    });
  });

  test("days that touch are one time, and what never changes has no end", () => {
    const all = [{ from: "00:00", to: "00:00" }];
    const whole: Week = { mon: all, tue: all, wed: all, thu: all, fri: all, sat: all, sun: all };
    expect(conditionAt(whole, [], "UTC", at("2026-11-27T10:00:00Z"))).toMatchObject({ open: true, until: null });
    expect(conditionAt({ ...whole, mon: [] }, [], "UTC", at("2026-11-27T10:00:00Z"))).toMatchObject({
      until: { days: 3, minute: 0, date: "2026-11-30" },
    });
    const never: Week = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    expect(conditionAt(never, [], "UTC", 0)).toMatchObject({ open: false, until: null });
    expect(nextOpening(never, [], "UTC", 0)).toBeNull();
  });

  test("the next opening is that after the closing while it is open", () => {
    expect(nextOpening(office, [], "UTC", at("2026-11-27T10:00:00Z"))).toEqual({
      days: 3,
      minute: 540,
      date: "2026-11-30",
    });
  });
});

test("a time of the wall clock is found in each zone, on both sides of a change", () => {
  expect(atWallClock("Europe/Berlin", "2026-12-24", "17:55")).toBe(at("2026-12-24T16:55:00Z"));
  expect(atWallClock("Europe/Berlin", "2026-07-01", "09:00")).toBe(at("2026-07-01T07:00:00Z"));
  expect(atWallClock("America/New_York", "2026-03-08", "12:00")).toBe(at("2026-03-08T16:00:00Z"));
  expect(atWallClock("UTC", "", "12:00")).toBeNull();
});
