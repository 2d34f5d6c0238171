// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../../../../shared/protocol.ts";
import { quickReplies, settings } from "../../../stores/index.ts";
import Field from "./Field.svelte";

const session = { id: "ses_1", customer: { name: "Hana Sato" }, queue: { name: "general" } } as Session;
const reply = { scope: "personal", title: "", language: null, queue: null, used: 0, rev: 1 } as const;

beforeEach(() => {
  // That a reply was used is counted by the server, which this test has not.
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
  settings.enterSends = true;
  quickReplies.list = [
    { ...reply, id: "qr_1", shortcut: "hello", text: "Hello {{first_name}}!" },
    { ...reply, id: "qr_2", shortcut: "refund", text: "I refunded {{amount}} to you." },
  ];
});

/** A field whose text is what was written into it. */
async function field(mode: "reply" | "note" = "reply") {
  const send = vi.fn();
  const drawn = render(Field, {
    session,
    mode,
    text: "",
    hint: "Reply to Hana",
    send,
    paste: vi.fn(),
    write: (text: string) => void drawn.rerender({ text }),
  });
  const area = screen.getByRole<HTMLTextAreaElement>("textbox");
  area.focus();
  const type = async (text: string) => {
    await fireEvent.input(area, { target: { value: text, selectionStart: text.length, selectionEnd: text.length } });
  };
  const press = (key: string, more: object = {}) => fireEvent.keyDown(area, { key, code: key, ...more });
  return { area, send, type, press };
}

test("a slash lists quick replies, arrows choose, Enter inserts with the name filled and sends nothing", async () => {
  const { area, send, type, press } = await field();
  await type("/");
  expect(screen.getAllByRole("option")).toHaveLength(2);
  expect(area.getAttribute("aria-activedescendant")).toBe(screen.getAllByRole("option")[0]!.id);
  await press("ArrowDown");
  await press("ArrowUp");
  await press("Enter");
  await vi.waitFor(() => expect(area.value).toBe("Hello Hana!"));
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(send).not.toHaveBeenCalled();
});

test("what could not be filled is chosen, to be written over", async () => {
  const { area, type, press } = await field();
  await type("/ref");
  await press("Tab");
  await vi.waitFor(() => expect(area.value).toBe("I refunded {{amount}} to you."));
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe("{{amount}}");
});

test("Enter sends, Shift+Enter and the Enter of an input method do not", async () => {
  const { send, type, press } = await field();
  await type("Hello");
  await press("Enter", { shiftKey: true });
  await press("Enter", { isComposing: true });
  await press("Enter", { keyCode: 229 });
  expect(send).not.toHaveBeenCalled();
  await press("Enter");
  expect(send).toHaveBeenCalledOnce();
});

test("Enter makes a line for those who chose so", async () => {
  settings.enterSends = false;
  const { send, type, press } = await field();
  await type("Hello");
  await press("Enter");
  expect(send).not.toHaveBeenCalled();
});

test("a colon lists emojis, in a reply and in a note, and the chosen one takes its place without being sent", async () => {
  for (const mode of ["reply", "note"] as const) {
    const { area, send, type, press } = await field(mode);
    await type("Thank you :than");
    await vi.waitFor(() => expect(screen.getAllByRole("option")[0]!.textContent).toContain("🙏"));
    await press("Enter");
    await vi.waitFor(() => expect(area.value).toBe("Thank you 🙏"));
    expect(area.selectionStart).toBe("Thank you 🙏".length);
    expect(send).not.toHaveBeenCalled();
    cleanup();
  }
});

test("what no emoji is called is sent as it stands", async () => {
  const { send, type, press } = await field();
  await type(":xyzzy");
  await vi.waitFor(() => expect(screen.queryByRole("option")).toBeNull());
  await press("Enter");
  expect(send).toHaveBeenCalledOnce();
});

test("a slash in a note is a slash", async () => {
  const { type } = await field("note");
  await type("/");
  expect(screen.queryByRole("listbox")).toBeNull();
});
