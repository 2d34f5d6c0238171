// @vitest-environment happy-dom
import { fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { expect, test } from "vitest";
import type { Item } from "../../../../shared/thread.ts";
import BotPart from "./BotPart.svelte";

const list = createRawSnippet((items: () => readonly Item[]) => ({
  render: () =>
    `<ul>${items()
      .map(({ key }) => `<li>${key}</li>`)
      .join("")}</ul>`,
}));

const talk = (count: number): Item[] =>
  Array.from({ length: count }, (_, i) => ({ kind: "message", key: `line ${i + 1}` }) as Item);

test("a short talk with the bot is shown", () => {
  render(BotPart, { session: "short", items: talk(6), complete: true, list });
  expect(screen.getAllByRole("listitem")).toHaveLength(6);
  expect(screen.queryByRole("button")).toBeNull();
});

test("a long one is folded to a line that says how long, and opens", async () => {
  render(BotPart, { session: "long", items: talk(14), complete: true, list });
  expect(screen.queryAllByRole("listitem")).toHaveLength(0);
  const fold = screen.getByRole("button", { name: "14 messages with the bot, show" });
  expect(fold.getAttribute("aria-expanded")).toBe("false");
  await fireEvent.click(fold);
  expect(screen.getAllByRole("listitem")).toHaveLength(14);
  await fireEvent.click(screen.getByRole("button", { name: "Hide the messages with the bot" }));
  expect(screen.queryAllByRole("listitem")).toHaveLength(0);
});
