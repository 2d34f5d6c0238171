import { expect, it } from "vitest";
import { valuesByLine } from "./values.ts";

const step = (line: number, more: object) => ({ line, steps: 1, ...more });

it("the values of a dry run stand at their lines, the last of each name", () => {
  const values = valuesByLine([
    step(2, { name: "best", value: "nil" }),
    step(4, { name: "i", value: "1" }),
    step(4, { name: "i", value: "2" }),
    step(4, { name: "i", value: "3" }),
    step(5, { name: "best", value: '"agt_1"' }),
    step(5, { call: 'store.get("k")', value: "nil" }),
    step(9, { call: 'log.info("x")' }),
  ]);
  expect([...values]).toEqual([
    [2, "best = nil"],
    [4, "i = 3 (3×)"],
    [5, 'best = "agt_1", store.get("k") → nil'],
    [9, 'log.info("x")'],
  ]);
});

it("a line with many or long values is cut", () => {
  const many = ["a", "b", "c", "d"].map((name) => step(1, { name, value: "1" }));
  expect(valuesByLine(many).get(1)).toBe("a = 1, b = 1, c = 1, …");
  expect(valuesByLine([step(1, { name: "long", value: "x\n".repeat(200) })]).get(1)).toHaveLength(91);
});

it("what has no line or no name is left out", () => {
  expect(valuesByLine([step(0, { name: "a" }), step(3, {})]).size).toBe(0);
});
