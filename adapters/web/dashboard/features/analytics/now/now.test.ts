import { expect, test } from "vitest";
import type { Queue } from "../../../../shared/protocol.ts";
import { held, person, session, time } from "../../../../shared/testing/rows.ts";
import { boardOf } from "./now.ts";

const queue = (id: string, more: Partial<Queue> = {}): Queue =>
  ({ id, name: id, open: true, wait: null, kept: 0, rev: 1, ...more }) as Queue;

const in_ = (id: string) => ({ id, name: id });

const rows = {
  waiting: [
    session("ses_1", { queue: in_("que_1"), waiting_since: time(30) }),
    session("ses_2", { queue: in_("que_2"), waiting_since: time(10) }),
    session("ses_3", { queue: in_("que_1"), waiting_since: time(40) }),
  ],
  active: [held("ses_4", "ida", { queue: in_("que_1") }), held("ses_5", "ida", { queue: in_("que_2") })],
  queues: [
    queue("que_1", { wait: { low: 120, high: 240 } }),
    queue("que_2", { wait: { low: 30, high: 60 } }),
    queue("que_3"),
  ],
  agents: [
    person("gone", { presence: "gone", load: 1, queues: ["que_1"] }),
    person("away", { status: "away", queues: ["que_1"] }),
    person("busy", { status: "busy", capacity: 3, load: 1, queues: ["que_2"] }),
    person("ida", { capacity: 4, load: 2, queues: ["que_1", "que_2"] }),
    person("out", { disabled: true, queues: ["que_1"] }),
  ],
};

test("the board adds up what there is, and counts nobody's places twice", () => {
  const board = boardOf(rows);
  expect(board).toMatchObject({ waiting: 3, active: 2, oldest: time(10), online: 3, free: 4 });
  expect(board.expected).toEqual({ low: 120, high: 240 });
  expect(board.queues.map(({ waiting, free, oldest }) => [waiting, free, oldest])).toEqual([
    [2, 2, time(30)],
    [1, 4, time(10)],
    [0, 0, ""],
  ]);
});

test("the board is about one queue when one is chosen", () => {
  const board = boardOf(rows, "que_2");
  expect(board).toMatchObject({ waiting: 1, active: 1, online: 2, free: 4, expected: { high: 60 } });
  expect(board.queues.map(({ queue }) => queue.id)).toEqual(["que_2"]);
  expect(board.agents.map(({ agent }) => agent.id)).toEqual(["ida", "busy"]);
});

test("chats that a closed queue keeps until it opens wait for nobody", () => {
  const after_hours = { reason: "closed", text: "", next_opening: null, ask: null } as const;
  const kept = session("ses_6", { queue: in_("que_3"), waiting_since: time(1), after_hours });
  const board = boardOf({
    ...rows,
    waiting: [kept, ...rows.waiting],
    queues: [queue("que_3", { open: false, kept: 1 })],
  });
  expect(board).toMatchObject({ waiting: 3, oldest: time(10) });
  expect(board.queues[0]).toMatchObject({ waiting: 0, kept: 1 });
});

test("who is there stands first, with his chats, and nobody who was disabled", () => {
  const { agents } = boardOf(rows);
  expect(agents.map(({ agent, here, chats }) => [agent.id, here, chats.length])).toEqual([
    ["ida", true, 2],
    ["busy", true, 0],
    ["away", true, 0],
    ["gone", false, 0],
  ]);
});
