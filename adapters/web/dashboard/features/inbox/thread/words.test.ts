import { describe, expect, test } from "vitest";
import type { EventData, EventType } from "../../../../shared/protocol.ts";
import type { Item } from "../../../../shared/thread.ts";
import { lineWords } from "./words.ts";

const ida = { id: "agt_ida", name: "Ida Nord" };
const jonas = { id: "agt_jonas", name: "Jonas Patel" };

/** A thread that began at the seam; each event comes a minute after the one before it. */
function thread(
  ...events: { [T in EventType]: [T, EventData[T], { id: string; name: string }?] }[EventType][]
): Item[] {
  const seam: Item = { kind: "seam", key: "seam", seq: 1, at: 0, requested: { channel: "web" } };
  const lines = events.map(([type, data, by], i) => ({
    kind: "line" as const,
    key: `e${i + 2}`,
    seq: i + 2,
    at: (i + 1) * 60_000,
    event: { type, at: "", actor: { role: "agent" as const, ...by }, data } as never,
  }));
  return [seam, ...lines];
}

const words = (...events: Parameters<typeof thread>): string[] =>
  [...lineWords(thread(...events), ida.id).values()].map((text) => text.replace(/[\u2068\u2069]/g, ""));

describe("what happened, in words", () => {
  test("who joins is told with the time that the customer waited", () => {
    expect(words(["session.accepted", { agent: ida }, ida])).toEqual(["You joined after 1 minute in the queue"]);
    expect(words(["session.accepted", { agent: jonas }, jonas])).toEqual([
      "Jonas Patel joined after 1 minute in the queue",
    ]);
  });

  test("an offer that was answered is told by its answer alone", () => {
    const offered = ["session.offered", { agent: jonas, expires_at: "" }] as const;
    expect(words([...offered])).toEqual(["Offered to Jonas Patel"]);
    expect(words([...offered], ["session.expired", { agent: jonas }])).toEqual([
      "Jonas Patel did not answer the offer",
    ]);
  });

  test("the wait begins again when the chat comes back to the queue", () => {
    const told = words(
      ["session.accepted", { agent: jonas }, jonas],
      ["session.waiting", { reason: "agent_gone" }],
      ["session.accepted", { agent: ida }, ida],
    );
    expect(told.at(-1)).toBe("You joined after 1 minute in the queue");
  });

  test("taking a chat for oneself is not told as an order", () => {
    expect(words(["session.assigned", { agent: ida }, ida])).toEqual(["You joined after 1 minute in the queue"]);
    expect(words(["session.accepted", { agent: jonas }, jonas], ["session.assigned", { agent: ida }, ida]).at(-1)).toBe(
      "You took the chat",
    );
    expect(words(["session.assigned", { agent: ida }, jonas])).toEqual(["Jonas Patel gave the chat to you"]);
  });

  test("that nobody is free yet is no line of its own", () => {
    expect(words(["session.waiting", {}])).toEqual([]);
  });

  test("an end has its outcome and its summary", () => {
    expect(
      words(["session.ended", { by: "agent", reason: "resolved", return_to: "bot", summary: "Sent again" }, jonas]),
    ).toEqual(["Jonas Patel ended the chat: solved. Sent again"]);
  });

  test("why a chat waits is told, and an offer to leave a message does not begin the wait anew", () => {
    expect(words(["session.waiting", { reason: "after_hours" }], ["session.waiting", { reason: "opened" }])).toEqual([
      "Nobody is there: kept until the opening",
      "Open again: in the queue",
    ]);
    const told = words(["session.waiting", { reason: "long_wait" }], ["session.accepted", { agent: ida }, ida]);
    expect(told).toEqual(["Waits for a long time: may leave a message", "You joined after 2 minutes in the queue"]);
    expect(words(["session.waiting", { reason: "no_reply" }])[0]).toMatch(/^Taken back/);
    expect(words(["session.transferred", { queue: { id: "que_2", name: "billing" }, too_long: true }])).toEqual([
      "Too long or too many waiting: passed on to billing",
    ]);
  });

  test("a message that was left is told with its address, and the end that follows is the desk's", () => {
    const customer = { id: "cus_1", name: "" };
    expect(
      words(
        ["ticket.made", { id: "rec_1", email: "hana@example.com", text: "Call me" }, customer],
        ["session.ended", { by: "system", reason: "after_hours", return_to: "none" }, customer],
      ),
    ).toEqual([
      "The customer left a message for hana@example.com: “Call me”",
      "The chat was ended: outside of opening hours",
    ]);
  });
});
