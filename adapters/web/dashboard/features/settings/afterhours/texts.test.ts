import { expect, test } from "vitest";
import { filled, languagesToAdd, nextOpeningIn } from "./texts.ts";

test("the next opening is said as the server says it", () => {
  const monday = { date: "2026-12-07", minute: 540 };
  expect(nextOpeningIn("en", { ...monday, days: 5 })).toBe("on Monday 7 December at 09:00");
  expect(nextOpeningIn("de-AT", { ...monday, days: 5 })).toBe("am Montag, 7. Dezember, um 09:00 Uhr");
  expect(nextOpeningIn("fr", { ...monday, days: 1 })).toBe("tomorrow at 09:00");
  expect(nextOpeningIn("de", { ...monday, days: 0 })).toBe("heute um 09:00 Uhr");
});

test("it stands wherever a text names it", () => {
  expect(filled("Back {next_opening}. Really {next_opening}!", "today at 9")).toBe(
    "Back today at 9. Really today at 9!",
  );
});

test("a language is added once", () => {
  expect(languagesToAdd(["en", "fr"])).not.toContain("fr");
  expect(languagesToAdd(["en"])).toContain("fr");
});
