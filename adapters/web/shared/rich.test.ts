import { describe, expect, test } from "vitest";
import { hostOf, rich, safeHref, type RichNode } from "./rich.ts";

/** words writes a tree down as one line: [bold|…] and the like. */
const words = (nodes: RichNode[]): string =>
  nodes
    .map((node) => {
      switch (node.kind) {
        case "text":
          return node.text;
        case "break":
          return "⏎";
        case "code":
          return `[code|${node.text}]`;
        case "link":
          return `[link|${node.text}|${node.host}]`;
        default:
          return `[${node.kind}|${words(node.nodes)}]`;
      }
    })
    .join("");

const read = (text: string) => words(rich(text));

/** all gives every text of a tree, as a reader sees it. */
const all = (nodes: RichNode[]): string =>
  nodes.map((n) => ("nodes" in n ? all(n.nodes) : n.kind === "break" ? "\n" : n.text)).join("");

describe("the text of a message", () => {
  test.each([
    ["plain words stay", "Hello, you.", "Hello, you."],
    ["lines are kept", "a\r\nb\n\nc", "a⏎b⏎⏎c"],
    ["bold and italic", "*now* or _later_", "[bold|now] or [italic|later]"],
    ["one within the other", "*now _or_ never*", "[bold|now [italic|or] never]"],
    ["code is not read further", "`a *b* _c_`", "[code|a *b* _c_]"],
    ["a product of two numbers", "2 * 3 * 4", "2 * 3 * 4"],
    ["a name with underscores", "order_id_7 and a_b", "order_id_7 and a_b"],
    ["an emphasis within a word", "un*believ*able", "un*believ*able"],
    ["no end", "*never ends", "*never ends"],
    ["an end on another line", "*a\nb*", "*a⏎b*"],
    ["nothing in between", "** __ ``", "** __ ``"],
    ["around punctuation", "(*now*), _then_!", "([bold|now]), [italic|then]!"],
    ["letters of other scripts", "*привет* и _мир_", "[bold|привет] и [italic|мир]"],
  ])("%s", (_story, text, want) => expect(read(text)).toBe(want));

  test("HTML is text like any other", () => {
    const text = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
    expect(rich(text)).toEqual([{ kind: "text", text }]);
  });
});

describe("I09 a link", () => {
  test.each([
    ["of the web", "see https://example.com/a?b=c#d now", "see [link|https://example.com/a?b=c#d|example.com] now"],
    ["to a mailbox", "mailto:ida@example.com", "[link|mailto:ida@example.com|ida@example.com]"],
    [
      "ends before the sentence does",
      "Is it https://example.com/a?",
      "Is it [link|https://example.com/a|example.com]?",
    ],
    ["in brackets", "(https://example.com/a)", "([link|https://example.com/a|example.com])"],
    ["with brackets", "https://example.com/a_(b)", "[link|https://example.com/a_(b)|example.com]"],
    [
      "with underscores is not emphasised",
      "https://example.com/_a_b_c",
      "[link|https://example.com/_a_b_c|example.com]",
    ],
    [
      "shows where it really leads",
      "https://bank.example@evil.example/",
      "[link|https://bank.example@evil.example/|evil.example]",
    ],
    ["within bold", "*https://example.com*", "[bold|[link|https://example.com|example.com]]"],
    ["within a word is none", "xhttps://example.com", "xhttps://example.com"],
  ])("%s", (_story, text, want) => expect(read(text)).toBe(want));

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//example.com",
    "https://",
    " javascript:alert(1)",
    "blob:https://example.com/1",
  ])("never leads to %j", (text) => {
    expect(safeHref(text)).toBeNull();
    const links = rich(text).flatMap((node) => (node.kind === "link" ? [node.href] : []));
    expect(links.every((href) => href === "https://example.com/1")).toBe(true);
  });

  test("names the host of what can be followed, and nothing for what cannot", () => {
    expect(hostOf("https://xn--bcher-kva.example:8080/a")).toBe("xn--bcher-kva.example:8080");
    expect(hostOf("nonsense")).toBe("");
  });
});

describe("whatever the text", () => {
  const hostile = [
    "*".repeat(16_000),
    "*a ".repeat(5_000),
    "_*`".repeat(5_000),
    "http://".repeat(2_000),
    `https://example.com/${"!".repeat(15_000)}a`,
    "h ".repeat(8_000),
    "*_".repeat(8_000) + "a" + "_*".repeat(8_000),
  ];

  test.each(hostile.map((text, i) => [i, text] as const))("it is read at once (%i)", (_i, text) => {
    const began = performance.now();
    const nodes = rich(text);
    expect(performance.now() - began).toBeLessThan(500);
    expect(all(nodes).length).toBeLessThanOrEqual(text.length);
  });

  test("no character is lost but the markers", () => {
    const text = "a *b* _c_ `d` https://example.com/e 🧵 \u202eabc";
    expect(all(rich(text))).toBe("a b c d https://example.com/e 🧵 \u202eabc");
  });
});
