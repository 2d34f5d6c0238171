import { describe, expect, test } from "vitest";
import { faultOf, inYear, toSend, valueOf } from "./days.ts";

const days = [
  { date: "12-25", name: "Christmas", closed: true },
  { date: "2026-12-24", name: "Christmas Eve", spans: [{ from: "09:00", to: "13:00" }] },
  { date: "2027-05-01", closed: true },
];

describe("days that are not like the others", () => {
  test("come back as they were", () => {
    expect(toSend(valueOf({ days }))).toEqual([days[0], days[1], { ...days[2], name: "" }]);
  });

  test("of a year are in order, with those of every year among them", () => {
    const dates = (year: number) => inYear(valueOf({ days }), year).map(({ date }) => date);
    expect(dates(2026)).toEqual(["2026-12-24", "12-25"]);
    expect(dates(2027)).toEqual(["2027-05-01", "12-25"]);
    expect(dates(2028)).toEqual(["12-25"]);
  });

  test("have a date of their own, and hours that fit", () => {
    expect(faultOf({ date: "", name: "", spans: [] }, [])).toBe("date_missing");
    expect(faultOf({ date: "12-25", name: "", spans: [] }, ["12-25"])).toBe("date_taken");
    expect(faultOf({ date: "12-26", name: "", spans: [{ from: "", to: "" }] }, ["12-25"])).toBe("spans");
    expect(faultOf({ date: "2026-12-26", name: "", spans: [] }, ["12-25"])).toBeNull();
  });
});
