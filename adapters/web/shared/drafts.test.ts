import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Drafts } from "./drafts.ts";
import { memoryStore } from "./storage.ts";

const prefix = "baton.draft.agt_1.";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a draft", () => {
  test("is of one chat, and of a reply or a note", () => {
    const drafts = new Drafts({ store: memoryStore(), prefix });
    drafts.set("ses_1", "reply", "dear");
    drafts.set("ses_1", "note", "odd");
    expect(drafts.text("ses_1", "reply")).toBe("dear");
    expect(drafts.text("ses_1", "note")).toBe("odd");
    expect(drafts.text("ses_2", "reply")).toBe("");
    expect(drafts.has("ses_1")).toBe(true);
    drafts.set("ses_1", "reply", "");
    drafts.set("ses_1", "note", "  ");
    expect(drafts.has("ses_1")).toBe(false);
  });

  test("is saved a moment after the last key, and says so", () => {
    const store = memoryStore();
    const drafts = new Drafts({ store, prefix });
    drafts.set("ses_1", "reply", "d");
    vi.advanceTimersByTime(300);
    drafts.set("ses_1", "reply", "de");
    vi.advanceTimersByTime(300);
    expect(drafts.saved("ses_1", "reply")).toBe(false);
    vi.advanceTimersByTime(200);
    expect(drafts.saved("ses_1", "reply")).toBe(true);
    expect(new Drafts({ store, prefix }).text("ses_1", "reply")).toBe("de");
  });

  test("is saved at once when the page goes", () => {
    const store = memoryStore();
    const drafts = new Drafts({ store, prefix });
    drafts.set("ses_1", "reply", "dear");
    drafts.flush();
    expect(new Drafts({ store, prefix }).text("ses_1", "reply")).toBe("dear");
  });

  test("that was sent does not come back", () => {
    const store = memoryStore();
    const drafts = new Drafts({ store, prefix });
    drafts.set("ses_1", "reply", "dear");
    drafts.flush();
    drafts.set("ses_1", "reply", "dear all");
    drafts.clear("ses_1", "reply");
    vi.advanceTimersByTime(1_000);
    expect(store.keys()).toEqual([]);
  });

  test("remembers who had the chat when it was begun", () => {
    const drafts = new Drafts({ store: memoryStore(), prefix });
    drafts.set("ses_1", "reply", "d", "agt_1");
    drafts.set("ses_1", "reply", "de", "agt_2");
    expect(drafts.owner("ses_1")).toBe("agt_1");
    expect(drafts.owner("ses_2")).toBeUndefined();
  });

  test("is forgotten after a month", () => {
    const store = memoryStore();
    const drafts = new Drafts({ store, prefix });
    drafts.set("ses_1", "reply", "dear");
    drafts.flush();
    vi.advanceTimersByTime(31 * 24 * 3600_000);
    expect(new Drafts({ store, prefix }).text("ses_1", "reply")).toBe("");
  });
});

test("what another tab writes is taken over, unless it is being written here", () => {
  const store = memoryStore();
  const [here, there] = [new Drafts({ store, prefix }), new Drafts({ store, prefix })];
  there.set("ses_1", "reply", "from there");
  there.flush();
  here.heard(`${prefix}ses_1.reply`);
  expect(here.text("ses_1", "reply")).toBe("from there");
  here.set("ses_1", "reply", "from here");
  there.set("ses_1", "reply", "again");
  there.flush();
  here.heard(`${prefix}ses_1.reply`);
  expect(here.text("ses_1", "reply")).toBe("from here");
});

test("what cannot be read is as if it were not there", () => {
  const store = memoryStore();
  store.setItem(`${prefix}ses_1.reply`, "{broken");
  expect(new Drafts({ store, prefix }).text("ses_1", "reply")).toBe("");
});
