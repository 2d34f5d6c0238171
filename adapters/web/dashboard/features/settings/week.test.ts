import { describe, expect, test } from "vitest";
import { added, blocksOf, copied, dragged, drawn, faultsIn, faultsOfWeek, rangeOf, type Week } from "./week.ts";

const week = (part: Partial<Week>): Week => ({
  mon: [],
  tue: [],
  wed: [],
  thu: [],
  fri: [],
  sat: [],
  sun: [],
  ...part,
});
const nine = { from: "09:00", to: "17:00" };
const night = { from: "22:00", to: "06:00" };

describe("a span", () => {
  test("ends on the next day when its end is not after its beginning", () => {
    expect(rangeOf(nine)).toEqual({ from: 540, to: 1020 });
    expect(rangeOf(night)).toEqual({ from: 1320, to: 1800 });
    expect(rangeOf({ from: "09:00", to: "00:00" })).toEqual({ from: 540, to: 1440 });
    expect(rangeOf({ from: "00:00", to: "00:00" })).toEqual({ from: 0, to: 1440 });
  });

  test("that is being typed is none yet", () => {
    expect(rangeOf({ from: "", to: "17:00" })).toBeNull();
    expect(rangeOf({ from: "24:00", to: "17:00" })).toBeNull();
  });
});

describe("the bar of a day", () => {
  test("shows the rest of a night that began on the day before", () => {
    const nights = week({ sun: [night], mon: [nine] });
    expect(blocksOf(nights, "mon")).toEqual([
      { day: "sun", at: 0, from: 0, to: 360, goesOn: false, rest: true },
      { day: "mon", at: 0, from: 540, to: 1020, goesOn: false, rest: false },
    ]);
    expect(blocksOf(nights, "sun")).toEqual([{ day: "sun", at: 0, from: 1320, to: 1440, goesOn: true, rest: false }]);
  });
});

describe("dragging", () => {
  const two = [
    { from: "09:00", to: "12:00" },
    { from: "13:00", to: "17:00" },
  ];

  test("falls on quarters of an hour", () => {
    expect(dragged([nine], 0, "from", -37)).toEqual([{ from: "08:30", to: "17:00" }]);
    expect(dragged([nine], 0, "to", 50)).toEqual([{ from: "09:00", to: "17:45" }]);
    expect(dragged([nine], 0, "all", 60)).toEqual([{ from: "10:00", to: "18:00" }]);
  });

  test("stops at the neighbours, at midnight, and before nothing is left", () => {
    expect(dragged(two, 0, "to", 200)).toEqual([{ from: "09:00", to: "13:00" }, two[1]]);
    expect(dragged(two, 1, "from", -200)).toEqual([two[0], { from: "12:00", to: "17:00" }]);
    expect(dragged(two, 0, "all", 200)).toEqual([{ from: "10:00", to: "13:00" }, two[1]]);
    expect(dragged([nine], 0, "to", 900)).toEqual([{ from: "09:00", to: "00:00" }]);
    expect(dragged([nine], 0, "from", -900)).toEqual([{ from: "00:00", to: "17:00" }]);
    expect(dragged([nine], 0, "from", 900)).toEqual([{ from: "16:45", to: "17:00" }]);
  });

  test("moves the end of a night on its next day", () => {
    expect(dragged([night], 0, "to", -60)).toEqual([{ from: "22:00", to: "05:00" }]);
    expect(dragged([night], 0, "to", 120)).toEqual([{ from: "22:00", to: "08:00" }]);
  });

  test("draws a span into free time only", () => {
    expect(drawn(two, 1100, 1203)).toEqual({ spans: [...two, { from: "18:15", to: "20:00" }], at: 2 });
    expect(drawn([], 600, 480)?.spans).toEqual([{ from: "08:00", to: "10:00" }]);
    expect(drawn(two, 700, 760)).toBeNull();
    expect(drawn([], 600, 604)).toBeNull();
  });
});

describe("adding and copying", () => {
  test("adds a working day, then what fits after the others", () => {
    expect(added([])).toEqual([nine]);
    expect(added([{ from: "09:00", to: "12:00" }]).at(-1)).toEqual({ from: "13:00", to: "17:00" });
    expect(added([{ from: "09:00", to: "21:00" }]).at(-1)).toEqual({ from: "22:00", to: "00:00" });
    expect(added([{ from: "09:00", to: "23:30" }]).at(-1)).toEqual({ from: "04:00", to: "08:00" });
  });

  test("copies the hours of a day to others and leaves the rest", () => {
    const now = copied(week({ mon: [nine], sat: [night] }), "mon", ["tue", "wed"]);
    expect(now.tue).toEqual([nine]);
    expect(now.tue[0]).not.toBe(now.mon[0]);
    expect(now.sat).toEqual([night]);
  });
});

describe("what the server would refuse", () => {
  test("is found while it is written", () => {
    expect([...faultsIn([nine, { from: "16:00", to: "18:00" }])]).toEqual([[1, "overlap"]]);
    expect([...faultsIn([{ from: "", to: "17:00" }])]).toEqual([[0, "missing"]]);
    expect([...faultsIn([nine, { from: "17:00", to: "18:00" }])]).toEqual([]);
  });

  test("in a night that reaches into the next day, over the end of the week too", () => {
    const faults = faultsOfWeek(week({ sun: [{ from: "22:00", to: "10:00" }], mon: [nine] }));
    expect([...faults.keys()]).toEqual(["sun"]);
    expect(faults.get("sun")?.get(0)).toBe("next_day");
    expect(faultsOfWeek(week({ sun: [{ from: "22:00", to: "09:00" }], mon: [nine] })).size).toBe(0);
  });
});
