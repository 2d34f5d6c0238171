import { expect, it } from "vitest";
import { freeName, hooksIn, isName, starts } from "./source.ts";

it("the hooks of a text are those that it defines", () => {
  expect(hooksIn("function assign(s) end\n\nlocal function tags() end\nreply = function(s) end")).toEqual([
    "assign",
    "reply",
  ]);
  expect(hooksIn("assign(1)")).toEqual([]);
});

it("each start defines a hook and has a good name", () => {
  for (const { name, source } of starts) {
    expect(isName(name), name).toBe(true);
    expect(hooksIn(source), name).toHaveLength(1);
  }
});

it("a name that is taken gets a number", () => {
  expect(freeName("vip", new Set())).toBe("vip");
  expect(freeName("vip", new Set(["vip", "vip_2"]))).toBe("vip_3");
});
