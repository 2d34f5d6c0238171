import { expect, test } from "vitest";
import { emojiAt, mentionAt, quickReplyAt, replaceBetween } from "./caret.ts";

test("a slash calls quick replies at the beginning or after a space, and nowhere else", () => {
  expect(quickReplyAt("/tr", 3)).toEqual({ from: 0, query: "tr" });
  expect(quickReplyAt("Hi /", 4)).toEqual({ from: 3, query: "" });
  expect(quickReplyAt("line\n/bye", 9)).toEqual({ from: 5, query: "bye" });
  expect(quickReplyAt("and/or", 6)).toBeNull();
  expect(quickReplyAt("https://x", 9)).toBeNull();
  expect(quickReplyAt("/tr and more", 12)).toBeNull();
});

test("only what stands before the caret counts", () => {
  expect(quickReplyAt("/tracking", 3)).toEqual({ from: 0, query: "tr" });
});

test("an @ names a colleague, but not in an address", () => {
  expect(mentionAt("ask @jo", 7)).toEqual({ from: 4, query: "jo" });
  expect(mentionAt("ida@example", 11)).toBeNull();
});

test("a colon names an emoji by a letter or a number with its sign, and is else a colon", () => {
  expect(emojiAt("Done :th", 8)).toEqual({ from: 5, query: "th" });
  expect(emojiAt(":", 1)).toEqual({ from: 0, query: "" });
  expect(emojiAt(":+1", 3)).toEqual({ from: 0, query: "+1" });
  for (const text of ["at 10:30", "Note:", "http://x", "so :)", "so :-)", " :30"]) {
    expect(emojiAt(text, text.length), text).toBeNull();
  }
});

test("what was typed gives way to what was chosen", () => {
  expect(replaceBetween("Hi /tr bye", 3, 6, "there")).toBe("Hi there bye");
});
