import { describe, expect, it } from "vitest";
import { isEmpty, largestOf, optionsOf, type Line } from "./lines.ts";
import { scaleFor } from "./scale.ts";

const line = (values: (number | null)[]): Line => ({ name: "Chats", colour: "accent", values });
const draw = (values: (number | null)[], partial = false) =>
  optionsOf({
    places: values.map((_, at) => `day ${at}`),
    lines: [line(values)],
    unit: "count",
    partial,
    show: String,
  });

describe("the axis of values", () => {
  it("goes from 0 in steps that people would choose", () => {
    expect(scaleFor(0, "count")).toEqual({ max: 4, interval: 1 });
    expect(scaleFor(1, "count")).toEqual({ max: 1, interval: 1 });
    expect(scaleFor(3, "count")).toEqual({ max: 3, interval: 1 });
    expect(scaleFor(9, "count")).toEqual({ max: 10, interval: 5 });
    expect(scaleFor(310, "count")).toEqual({ max: 400, interval: 100 });
    expect(scaleFor(85, "count")).toEqual({ max: 100, interval: 25 });
    expect(draw([1, 2]).yAxis).toMatchObject({ min: 0, max: 2, interval: 1 });
  });

  it("has steps of a clock for times, and five stars for ratings", () => {
    expect(scaleFor(38, "seconds")).toEqual({ max: 40, interval: 10 });
    expect(scaleFor(400, "seconds")).toEqual({ max: 480, interval: 120 });
    expect(scaleFor(3 * 3600, "seconds")).toEqual({ max: 3 * 3600, interval: 3600 });
    expect(scaleFor(10 * 86_400, "seconds").interval % 86_400).toBe(0);
    expect(scaleFor(4.2, "stars")).toEqual({ max: 5, interval: 1 });
  });

  it("has room for every value", () => {
    for (let most = 1; most < 5000; most += 7)
      for (const unit of ["count", "seconds"] as const) {
        const { max, interval } = scaleFor(most, unit);
        expect(max).toBeGreaterThanOrEqual(most);
        expect(max / interval).toBeLessThanOrEqual(4);
        expect(Number.isInteger(interval)).toBe(true);
      }
  });
});

describe("a chart of lines", () => {
  it("leaves gaps where there is nothing to tell, and marks what stands alone", () => {
    const [one] = draw([1, null, 3, null, 4, 5]).series;
    expect(one).toMatchObject({ connectNulls: false, lineStyle: { width: 2, type: "solid" } });
    expect(one!.data).toEqual([
      { value: 1, symbol: "circle", symbolSize: 5 },
      null,
      { value: 3, symbol: "circle", symbolSize: 5 },
      null,
      4,
      5,
    ]);
  });

  it("is dashed on the way to a day that is not over", () => {
    const [solid, dashed, ...none] = draw([1, 2, 3], true).series;
    expect(solid!.data).toEqual([1, 2]);
    expect(dashed).toMatchObject({ lineStyle: { type: [4, 4] } });
    expect(dashed!.data).toEqual([null, 2, { value: 3, symbol: "circle", symbolSize: 5 }]);
    expect(none).toEqual([]);
    expect(draw([1, 2, null], true).series).toHaveLength(1);
    expect(draw([1], true).series).toHaveLength(1);
  });

  it("paints with tokens, so that a change of the theme needs no new drawing", () => {
    const text = JSON.stringify(draw([1, 2]));
    expect(text).toContain("var(--accent)");
    expect(text).not.toMatch(/#[0-9a-f]{3}|rgb|oklch/);
  });

  it("is empty without values other than zero", () => {
    expect(isEmpty([line([0, null, 0])])).toBe(true);
    expect(isEmpty([line([null]), line([2])])).toBe(false);
    expect(draw([0, 0, null]).series).toEqual([]);
    expect(largestOf([line([1, null]), line([7])])).toBe(7);
  });
});
