// @vitest-environment happy-dom
import { fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { describe, expect, it, vi } from "vitest";
import Button from "./Button.svelte";
import Field from "./Field.svelte";
import Separator from "./Separator.svelte";
import Tabs from "./Tabs.svelte";

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

describe("a button", () => {
  it("does nothing while it is busy, and stays where the focus is", async () => {
    const onclick = vi.fn();
    render(Button, { busy: true, onclick, children: words("Save") });
    const button = screen.getByRole("button", { name: "Save" });
    button.focus();
    await fireEvent.click(button);
    expect(onclick).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute("aria-busy")).toBe("true");
  });

  it("is a link when it leads somewhere", () => {
    render(Button, { href: "/app/team", children: words("Team") });
    expect(screen.getByRole("link", { name: "Team" }).getAttribute("href")).toBe("/app/team");
  });
});

describe("a field", () => {
  it("is described by its help and its error", () => {
    render(Field, { label: "Password", help: "Ten characters or more", error: "It is too short" });
    const field = screen.getByLabelText("Password");
    const described = field.getAttribute("aria-describedby")!.split(" ");
    expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
      "Ten characters or more",
      "It is too short",
    ]);
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });
});

describe("tabs", () => {
  const tabs = ["mine", "queue", "all"].map((value) => ({ value, label: value }));
  const open = () => screen.getAllByRole("tab").find((tab) => tab.getAttribute("aria-selected") === "true")!;

  it("are gone through with arrows, from the last to the first", async () => {
    render(Tabs, { label: "Groups", tabs, value: "mine" });
    for (const [key, want] of [
      ["ArrowRight", "queue"],
      ["End", "all"],
      ["ArrowRight", "mine"],
      ["ArrowLeft", "all"],
      ["Home", "mine"],
    ] as const) {
      await fireEvent.keyDown(open(), { key });
      expect(open().textContent?.trim(), `after ${key}`).toBe(want);
      expect(document.activeElement, `after ${key}`).toBe(open());
    }
  });

  it("are one stop for the Tab key", () => {
    render(Tabs, { label: "Groups", tabs, value: "queue" });
    expect(screen.getAllByRole("tab").map((tab) => tab.tabIndex)).toEqual([-1, 0, -1]);
  });
});

describe("a separator", () => {
  const size = () => Number(screen.getByRole("separator").getAttribute("aria-valuenow"));
  const press = (key: string, shiftKey = false) => fireEvent.keyDown(screen.getByRole("separator"), { key, shiftKey });

  it("changes a width by keys, within its bounds, and back by a double click", async () => {
    render(Separator, { label: "Width of the list", size: 316, min: 240, max: 420, usual: 316 });
    await press("ArrowRight");
    expect(size()).toBe(332);
    await press("ArrowLeft", true);
    expect(size()).toBe(268);
    await press("ArrowLeft", true);
    expect(size()).toBe(240);
    await press("End");
    expect(size()).toBe(420);
    await fireEvent.dblClick(screen.getByRole("separator"));
    expect(size()).toBe(316);
  });

  it("grows the column behind it in the other direction", async () => {
    render(Separator, { label: "Width of the panel", size: 316, min: 240, max: 420, usual: 316, of: "after" });
    await press("ArrowLeft");
    expect(size()).toBe(332);
  });
});
