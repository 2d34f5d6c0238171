import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../../shared/protocol.ts";
import { held, session, time } from "../../shared/testing/rows.ts";
import { Clock } from "./clock.svelte.ts";
import { noFilter, Sessions } from "./sessions.svelte.ts";
import { isLate, timerOf } from "./timing.ts";

const me = "agt_1";

/** list makes the store of an agent, whose frames are drawn by `draw`. */
function list(...rows: Session[]) {
  const frames: (() => void)[] = [];
  const sessions = new Sessions(
    new Clock(),
    async () => undefined,
    (act) => frames.push(act),
  );
  const draw = () => frames.splice(0).forEach((act) => act());
  sessions.open(me);
  for (const row of rows) sessions.put(row);
  draw();
  return { sessions, draw, frames };
}

const queued = (id: string, seconds: number, more: Partial<Session> = {}) =>
  session(id, { waiting_since: time(seconds), ...more });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the lists", () => {
  test("are drawn once for all changes of a frame", () => {
    const { sessions, frames, draw } = list();
    for (let i = 0; i < 100; i++) sessions.put(queued(`s${i}`, i));
    expect(frames).toHaveLength(1);
    draw();
    expect(sessions.counts).toEqual({ mine: 0, queue: 100, team: 0, all: 100 });
    expect(sessions.ids("queue")[0]).toBe("s0");
  });

  test("tell whoever listens what a row was before", () => {
    const { sessions } = list(queued("a", 1));
    const told: [string | undefined, string | undefined][] = [];
    sessions.onRow((row, before) => told.push([row?.status, before?.status]));
    sessions.put(held("a", me, { seq: 2 }));
    sessions.put(queued("a", 1));
    sessions.remove("a");
    sessions.remove("a");
    expect(told).toEqual([
      ["active", "waiting"],
      [undefined, "active"],
    ]);
  });

  test("forget what a fresh read no longer has", () => {
    const { sessions, draw } = list(queued("a", 1), queued("b", 2), held("c", me));
    sessions.retainOnly(new Set(["b"]));
    draw();
    expect(sessions.ids("all")).toEqual(["b"]);
  });

  test("keep the newest of those that ended, and those that are open in a tab", () => {
    const { sessions } = list();
    sessions.keep(["s0"]);
    for (let i = 0; i < 400; i++) sessions.put(queued(`s${i}`, i, { status: "ended" }));
    expect(sessions.peek("s0")).toBeDefined();
    expect(sessions.peek("s1")).toBeUndefined();
    expect(sessions.peek("s399")).toBeDefined();
  });
});

describe("a held list", () => {
  test("stays as it is while the counts go on, and says how much has changed", () => {
    const { sessions, draw } = list(queued("a", 10), queued("b", 20), queued("c", 30));
    sessions.hold("pointer");
    sessions.put(queued("d", 5));
    sessions.put(queued("c", 1, { seq: 2 }));
    sessions.put(queued("b", 20, { seq: 2, subject: "stays" }));
    draw();
    expect(sessions.ids("queue")).toEqual(["a", "b", "c"]);
    expect(sessions.get("b")!.subject).toBe("stays");
    expect(sessions.counts.queue).toBe(4);
    expect(sessions.changes("queue")).toBe(2);
    expect(sessions.changes("mine")).toBe(0);
    sessions.release("pointer");
    draw();
    expect(sessions.ids("queue")).toEqual(["c", "d", "a", "b"]);
    expect(sessions.changes("queue")).toBe(0);
  });

  test("keeps the row of a session that may not be read any more, and marks it", () => {
    const { sessions, draw } = list(queued("a", 10), queued("b", 20));
    sessions.hold("pointer");
    sessions.remove("a");
    draw();
    expect(sessions.ids("queue")).toEqual(["a", "b"]);
    expect(sessions.isGone("a")).toBe(true);
    expect(sessions.get("a")).toBeDefined();
    sessions.release("pointer");
    draw();
    expect(sessions.ids("queue")).toEqual(["b"]);
    expect(sessions.get("a")).toBeUndefined();
  });

  test("shows its changes when asked, and is held as that", () => {
    const { sessions, draw } = list(queued("a", 10));
    sessions.hold("pointer");
    sessions.put(queued("b", 5));
    sessions.show();
    draw();
    expect(sessions.ids("queue")).toEqual(["b", "a"]);
    sessions.put(queued("c", 1));
    draw();
    expect(sessions.ids("queue")).toEqual(["b", "a"]);
  });

  test("is let go two seconds after the last key, unless the pointer is in it", () => {
    const { sessions, draw } = list(queued("a", 10));
    sessions.touch();
    sessions.put(queued("b", 5));
    vi.advanceTimersByTime(1_500);
    sessions.touch();
    vi.advanceTimersByTime(1_500);
    draw();
    expect(sessions.ids("queue")).toEqual(["a"]);
    sessions.hold("pointer");
    vi.advanceTimersByTime(1_000);
    draw();
    expect(sessions.ids("queue")).toEqual(["a"]);
    sessions.release("pointer");
    draw();
    expect(sessions.ids("queue")).toEqual(["b", "a"]);
  });
});

describe("a filter", () => {
  const rows = [
    held("a", me, { priority: "urgent", tags: ["vip"], customer: { id: "c", name: "Ünal", verified: true } }),
    held("b", me, { channel: "telegram", unread: 2, subject: "Invoice 12" }),
    held("c", me, {
      queue: { id: "que_2", name: "billing" },
      last: { text: "Wrong size", role: "customer", at: time(1) },
    }),
  ];

  test.each([
    [{ priorities: ["urgent" as const] }, ["a"]],
    [{ tags: ["vip", "other"] }, ["a"]],
    [{ channels: ["telegram"] }, ["b"]],
    [{ queues: ["que_2"] }, ["c"]],
    [{ unreadOnly: true }, ["b"]],
    [{ text: "  ünAL " }, ["a"]],
    [{ text: "invoice" }, ["b"]],
    [{ text: "wrong" }, ["c"]],
    [{ text: "wrong", channels: ["telegram"] }, []],
  ])("%j leaves %j, and the counts as they are", (filter, want) => {
    const { sessions } = list(...rows);
    sessions.filter = { ...noFilter, ...filter };
    expect(sessions.filtered).toBe(true);
    expect(sessions.ids("mine")).toEqual(want);
    expect(sessions.counts.mine).toBe(3);
  });

  test("that says nothing narrows nothing", () => {
    const { sessions } = list(...rows);
    sessions.filter = { ...noFilter };
    expect(sessions.filtered).toBe(false);
    expect(sessions.ids("mine")).toHaveLength(3);
  });
});

describe("what is unread", () => {
  test("is counted by chats of mine, without the one that is being looked at", () => {
    const { sessions, draw } = list(
      held("a", me, { unread: 3 }),
      held("b", me, { unread: 1 }),
      held("c", "agt_2", { unread: 9 }),
    );
    expect(sessions.unread).toBe(2);
    sessions.watch("a", true);
    draw();
    expect(sessions.unread).toBe(1);
    expect(sessions.unreadOf("a")).toBe(0);
    sessions.watch("a", false);
    draw();
    expect(sessions.unreadOf("a")).toBe(3);
  });

  test("can be set aside by hand, until the chat is opened again", () => {
    const { sessions, draw } = list(held("a", me));
    sessions.markUnread("a");
    draw();
    expect(sessions.isUnread("a")).toBe(true);
    expect(sessions.unread).toBe(1);
    sessions.watch("a", true);
    sessions.watch("a", false);
    draw();
    expect(sessions.isUnread("a")).toBe(false);
  });
});

describe("a timer", () => {
  const now = Date.parse(time(100));

  test("runs from the last message that has no answer, or from the arrival in the queue", () => {
    expect(timerOf(held("a", me, { unanswered_since: time(40) }), now)).toMatchObject({ kind: "reply", seconds: 60 });
    const after_hours = { reason: "closed", text: "", next_opening: null, ask: null } as const;
    expect(timerOf({ ...queued("kept", 10), after_hours }, now)).toMatchObject({ kind: "none", late: false });
    expect(timerOf(queued("b", 10), now)).toMatchObject({ kind: "queue", seconds: 90 });
    const last = { text: "", role: "agent" as const, at: time(70) };
    expect(timerOf(held("c", me, { last }), now)).toMatchObject({
      kind: "none",
      seconds: 30,
      fraction: 0,
      late: false,
      heat: "cool",
    });
  });

  test.each([
    ["urgent", 59, "cool", 0.49],
    ["urgent", 60, "warm", 0.5],
    ["urgent", 119, "warm", 0.99],
    ["urgent", 120, "hot", 1],
    ["high", 239, "warm", 0.99],
    ["normal", 299, "cool", 0.49],
    ["low", 1300, "hot", 1],
  ] as const)("of a %s chat is after %i s %s", (priority, seconds, heat, fraction) => {
    const waits = queued("a", 0, { priority });
    const timer = timerOf(waits, Date.parse(time(seconds)));
    expect(timer.heat).toBe(heat);
    expect(timer.fraction).toBeCloseTo(fraction, 1);
    expect(timer.late).toBe(heat === "hot");
    expect(isLate(waits, Date.parse(time(seconds)))).toBe(timer.late);
  });

  test("says what is left, and how much is over", () => {
    expect(timerOf(queued("a", 90, { priority: "urgent" }), now).due).toBe(110);
    expect(timerOf(queued("a", -100, { priority: "urgent" }), now).due).toBe(-80);
  });

  test("counts who is late in each group", () => {
    const { sessions } = list(
      queued("a", -1000),
      queued("b", 90),
      held("c", me, { unanswered_since: time(-700) }),
      held("d", "agt_2", { unanswered_since: time(99) }),
    );
    sessions.tick(now);
    expect([sessions.late("mine"), sessions.late("queue"), sessions.late("team"), sessions.late("all")]).toEqual([
      1, 1, 0, 2,
    ]);
  });
});
