import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "./api.ts";
import { Outbox, type Pending } from "./outbox.ts";
import { memoryStore, type Store } from "./storage.ts";

/** A server that keeps each client id once, and answers when it is let. */
class Kept {
  readonly texts: string[] = [];
  readonly asked: string[] = [];
  private readonly ids = new Set<string>();
  refuse: Problem | null = null;
  /** The answer is lost on its way, after the message was kept. */
  losing = false;

  take = async (m: Pending): Promise<void> => {
    this.asked.push(m.text);
    await Promise.resolve();
    if (this.refuse) throw this.refuse;
    if (!this.ids.has(m.client_id)) this.texts.push(m.text);
    this.ids.add(m.client_id);
    if (this.losing) throw new Problem(0, "offline", "");
  };
}

const tab = (store: Store, server: Kept) => new Outbox({ store, prefix: "baton.outbox.agt_1.", send: server.take });
const states = (box: Outbox) => box.of("ses_1").map((m) => m.state);
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a message", () => {
  test("is sent, waits for its event, and is gone with it", async () => {
    const server = new Kept();
    const box = tab(memoryStore(), server);
    box.connected(true);
    const { client_id } = box.add("ses_1", "hello");
    expect(states(box)).toEqual(["sending"]);
    await settle();
    expect(states(box)).toEqual(["sent"]);
    expect(box.waiting).toBe(0);
    box.confirmed(client_id);
    expect(box.of("ses_1")).toEqual([]);
  });

  test("that is written without a connection goes out in its order when there is one", async () => {
    const server = new Kept();
    const box = tab(memoryStore(), server);
    for (const text of ["one", "two", "three"]) box.add("ses_1", text);
    box.add("ses_2", "elsewhere");
    await settle();
    expect(server.asked).toEqual([]);
    expect(box.waiting).toBe(4);
    box.connected(true);
    await settle();
    expect(server.texts.filter((text) => text !== "elsewhere")).toEqual(["one", "two", "three"]);
    expect(server.texts).toContain("elsewhere");
  });

  test("whose answer was lost is sent again, and kept once", async () => {
    const server = new Kept();
    const box = tab(memoryStore(), server);
    server.losing = true;
    box.connected(true);
    box.add("ses_1", "one");
    box.add("ses_1", "two");
    await settle();
    server.losing = false;
    box.connected(false);
    box.connected(true);
    await settle();
    expect(server.texts).toEqual(["one", "two"]);
    expect(states(box)).toEqual(["sent", "sent"]);
  });

  test("that a busy server refuses is sent again, before those after it", async () => {
    const server = new Kept();
    const box = tab(memoryStore(), server);
    server.refuse = new Problem(503, "busy", "", [], "", 2);
    box.connected(true);
    box.add("ses_1", "one");
    box.add("ses_1", "two");
    await settle();
    expect(states(box)).toEqual(["waiting", "waiting"]);
    server.refuse = null;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(server.texts).toEqual(["one", "two"]);
  });

  test("that is refused for good says why, holds nobody up, and can be sent again or taken back", async () => {
    const server = new Kept();
    const box = tab(memoryStore(), server);
    server.refuse = new Problem(409, "not_owner", "you do not have this chat");
    box.connected(true);
    const { client_id } = box.add("ses_1", "one");
    await settle();
    expect(box.of("ses_1")[0]).toMatchObject({ state: "failed", error: { code: "not_owner" } });
    expect(box.waiting).toBe(0);
    server.refuse = null;
    box.add("ses_1", "two");
    await settle();
    expect(server.texts).toEqual(["two"]);
    box.retry(client_id);
    await settle();
    expect(server.texts).toEqual(["two", "one"]);
    server.refuse = new Problem(409, "session_ended", "");
    const late = box.add("ses_1", "three");
    await settle();
    expect(box.remove(late.client_id)?.text).toBe("three");
    expect(states(box)).toEqual(["sent", "sent"]);
  });
});

describe("a reload", () => {
  test("keeps what was not sent, and what was refused", async () => {
    const store = memoryStore();
    const server = new Kept();
    const before = tab(store, server);
    before.add("ses_1", "one");
    before.add("ses_1", "two");
    const after = tab(store, server);
    expect(after.of("ses_1").map((m) => m.text)).toEqual(["one", "two"]);
    after.connected(true);
    await settle();
    expect(server.texts).toEqual(["one", "two"]);
    server.refuse = new Problem(409, "session_ended", "");
    after.add("ses_1", "late");
    await settle();
    expect(
      tab(store, server)
        .of("ses_1")
        .map((m) => m.state),
    ).toEqual(["failed"]);
  });

  test("does not keep what the server has", async () => {
    const store = memoryStore();
    const box = tab(store, new Kept());
    box.connected(true);
    box.add("ses_1", "one");
    await settle();
    expect(store.keys()).toEqual([]);
  });

  test("of another person does not see it", () => {
    const store = memoryStore();
    tab(store, new Kept()).add("ses_1", "mine");
    const other = new Outbox({ store, prefix: "baton.outbox.agt_2.", send: new Kept().take });
    expect(other.of("ses_1")).toEqual([]);
  });
});

describe("two tabs", () => {
  /** Both tabs, with the storage events that a browser sends to the other one. */
  function both() {
    const server = new Kept();
    const store = memoryStore();
    const boxes: Outbox[] = [];
    const told = (self: number): Store => ({
      lasting: true,
      getItem: (key) => store.getItem(key),
      keys: () => store.keys(),
      setItem(key, value) {
        store.setItem(key, value);
        boxes[1 - self]?.heard(key);
      },
      removeItem(key) {
        store.removeItem(key);
        boxes[1 - self]?.heard(key);
      },
    });
    for (const self of [0, 1]) boxes.push(tab(told(self), server));
    return { server, store, boxes: boxes as [Outbox, Outbox] };
  }

  test("show the same, and one of them sends", async () => {
    const { server, boxes } = both();
    boxes.forEach((box) => box.connected(true));
    boxes[0].add("ses_1", "one");
    expect(boxes[1].of("ses_1").map((m) => m.text)).toEqual(["one"]);
    await settle();
    expect(server.asked).toEqual(["one"]);
    expect(boxes[1].of("ses_1")).toEqual([]);
  });

  test("lose nothing when the one that wrote is closed", async () => {
    const { server, boxes } = both();
    boxes[0].add("ses_1", "one");
    boxes[0].close();
    boxes[1].connected(true);
    await settle();
    expect(server.texts).toEqual([]);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(server.texts).toEqual(["one"]);
  });

  test("that both send make one message", async () => {
    const store = memoryStore();
    const server = new Kept();
    tab(store, server).add("ses_1", "one");
    const boxes = [tab(store, server), tab(store, server)];
    boxes.forEach((box) => box.connected(true));
    await settle();
    expect(server.asked).toEqual(["one", "one"]);
    expect(server.texts).toEqual(["one"]);
  });

  test("agree on what was deleted", async () => {
    const { server, boxes } = both();
    server.refuse = new Problem(409, "not_owner", "");
    boxes[0].connected(true);
    const { client_id } = boxes[0].add("ses_1", "one");
    await settle();
    expect(boxes[1].of("ses_1").map((m) => m.state)).toEqual(["failed"]);
    boxes[1].remove(client_id);
    expect(boxes[0].of("ses_1")).toEqual([]);
  });
});

test("who draws a chat is told of its changes", async () => {
  const told: string[] = [];
  const box = tab(memoryStore(), new Kept());
  box.onChange((session) => told.push(session));
  box.connected(true);
  box.add("ses_1", "one");
  await settle();
  expect(new Set(told)).toEqual(new Set(["ses_1"]));
  expect(told.length).toBeGreaterThanOrEqual(3);
});
