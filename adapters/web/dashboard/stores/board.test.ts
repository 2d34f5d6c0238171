import { describe, expect, test } from "vitest";
import type { Session } from "../../shared/protocol.ts";
import { Dice } from "../../shared/testing/dice.ts";
import { held, session, time } from "../../shared/testing/rows.ts";
import { Board, groups, supersedes, type Group } from "./board.ts";

const me = "agt_1";

function board(...rows: Session[]): Board {
  const made = new Board(me);
  for (const row of rows) made.put(row);
  return made;
}

const ids = (b: Board, group: Group) => b.of(group).map((s) => s.id);

describe("a group", () => {
  test("has the sessions that belong to it", () => {
    const b = board(
      session("waits"),
      session("offered", { status: "pending" }),
      held("mine", me),
      held("theirs", "agt_2"),
      held("over", me, { status: "ended" }),
    );
    expect(ids(b, "queue").sort()).toEqual(["offered", "waits"]);
    expect(ids(b, "mine")).toEqual(["mine"]);
    expect(ids(b, "team")).toEqual(["theirs"]);
    expect(ids(b, "all").sort()).toEqual(["mine", "offered", "theirs", "waits"]);
    expect(b.get("over")).toBeDefined();
  });

  test("of mine has who waits longest first, then by the last activity", () => {
    const said = (seconds: number) => ({ last: { text: "x", role: "agent" as const, at: time(seconds) } });
    const b = board(
      held("answered early", me, said(10)),
      held("answered late", me, said(50)),
      held("waits short", me, { unanswered_since: time(40) }),
      held("waits long", me, { unanswered_since: time(20) }),
    );
    expect(ids(b, "mine")).toEqual(["waits long", "waits short", "answered late", "answered early"]);
  });

  test("of the queue has the urgent first, then who came first", () => {
    const b = board(
      session("b", { waiting_since: time(20) }),
      session("a", { waiting_since: time(10) }),
      session("urgent", { waiting_since: time(90), priority: "urgent" }),
      session("low", { waiting_since: time(0), priority: "low" }),
    );
    expect(ids(b, "queue")).toEqual(["urgent", "a", "b", "low"]);
  });

  test("of the queue has those who are kept until the opening at its end, whatever their priority", () => {
    const after_hours = { reason: "closed", text: "", next_opening: time(900), ask: null } as const;
    const b = board(
      session("kept", { waiting_since: time(0), priority: "urgent", after_hours }),
      session("waits", { waiting_since: time(20), priority: "low" }),
    );
    expect(ids(b, "queue")).toEqual(["waits", "kept"]);
    b.put(session("kept", { seq: 2, waiting_since: time(0), priority: "urgent" }));
    expect(ids(b, "queue")).toEqual(["kept", "waits"]);
  });
});

describe("a row", () => {
  test("that is older than the known one changes nothing", () => {
    const b = board(session("a", { seq: 5, subject: "new" }));
    expect(b.put(session("a", { seq: 4, subject: "old" }))).toBeNull();
    expect(b.get("a")!.subject).toBe("new");
  });

  test("of the same seq counts unless its marks are behind: they move without an event", () => {
    const read = (n: number) =>
      session("a", { receipts: { agent: { delivered: n, read: n }, customer: { delivered: 0, read: 0 } } });
    expect(supersedes(read(3), read(2))).toBe(true);
    expect(supersedes(read(2), read(2))).toBe(true);
    expect(supersedes(read(1), read(2))).toBe(false);
  });

  test("that stays where it is moves nothing", () => {
    const b = board(session("a", { waiting_since: time(1) }), session("b", { waiting_since: time(2) }));
    expect(b.put(session("a", { waiting_since: time(1), seq: 2, subject: "x" }))).toEqual({});
    expect(b.put(session("a", { waiting_since: time(3), seq: 3 }))).toEqual({ queue: true });
    expect(b.put(held("a", me, { seq: 4 }))).toEqual({ queue: true, mine: true });
    expect(b.remove("b")).toEqual({ queue: true, all: true });
    expect(b.remove("b")).toEqual({});
  });
});

test.each([1, 2, 3, 4, 5])("after any changes each group is as if it were sorted anew (seed %i)", (seed) => {
  const dice = new Dice(seed);
  const b = new Board(me);
  const rows = new Map<string, Session>();
  for (let i = 1; i <= 2_000; i++) {
    const id = `s${dice.below(150)}`;
    if (dice.chance(20)) {
      b.remove(id);
      rows.delete(id);
      continue;
    }
    const row = session(id, {
      seq: i,
      status: dice.one(["waiting", "pending", "active", "ended"]),
      agent: { id: dice.one([me, "agt_2"]), name: "" },
      priority: dice.one(["low", "normal", "high", "urgent"]),
      waiting_since: time(dice.below(50)),
      unanswered_since: dice.chance(2) ? time(dice.below(50)) : null,
      last: dice.chance(2) ? { text: "", role: "customer", at: time(dice.below(50)) } : null,
    });
    b.put(row);
    rows.set(id, row);
  }
  const anew = board(...[...rows.values()].sort((x, y) => (x.id < y.id ? -1 : 1)));
  for (const group of groups) expect(ids(b, group)).toEqual(ids(anew, group));
  expect(b.ids().sort()).toEqual([...rows.keys()].sort());
});

test("ten thousand sessions with a hundred changes a second leave nearly all of the time to others", () => {
  const dice = new Dice(7);
  const b = new Board(me);
  const row = (i: number, seq: number) =>
    session(`s${i}`, {
      seq,
      waiting_since: time(dice.below(9_000)),
      last: { text: "", role: "customer", at: time(seq) },
    });
  for (let i = 0; i < 10_000; i++) b.put(row(i, 1));
  const began = performance.now();
  for (let i = 0; i < 1_000; i++) b.put(row(dice.below(10_000), i + 2));
  expect(performance.now() - began).toBeLessThan(1_000); // ten seconds' worth
  expect(b.of("all")).toHaveLength(10_000);
});
