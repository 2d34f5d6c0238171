import { expect, test } from "vitest";
import { emojis, findEmojis, nameOf } from "./emoji.ts";

const signs = (query: string) => findEmojis(query).map(({ sign }) => sign);

test("an emoji is found by its name or by another word, in both languages", () => {
  expect(signs("thumbs-up")[0]).toBe("👍");
  expect(signs("thanks")[0]).toBe("🙏");
  expect(signs("danke")[0]).toBe("🙏");
  expect(signs("PAKET")[0]).toBe("📦");
  expect(signs("+1")).toEqual(["👍"]);
  expect(signs("qqq")).toEqual([]);
});

test("a whole word comes before its beginning, and a beginning before what is in the middle", () => {
  expect(signs("car").slice(0, 3)).toEqual(["🚗", "🛒", "💳"]);
  expect(signs("th")).not.toContain("😶"); // of no mouth
  expect(signs("key")).toEqual(["🔑", "🙈"]);
});

test("without words come the usual ones first", () => {
  expect(signs("").slice(0, 3)).toEqual(["🙂", "👍", "🙏"]);
});

test("each has a sign of its own, and a name in both languages", () => {
  expect(new Set(emojis.map(({ sign }) => sign)).size).toBe(emojis.length);
  for (const emoji of emojis)
    for (const language of ["en", "de-CH"])
      expect(nameOf(emoji, language), emoji.sign).toMatch(/^[\p{L}\d][\p{L}\d -]*$/u);
  const thanks = emojis.find(({ sign }) => sign === "🙏")!;
  expect([nameOf(thanks, "en-GB"), nameOf(thanks, "de"), nameOf(thanks, "fr")]).toEqual(["thanks", "danke", "thanks"]);
});
