import { describe, expect, test } from "vitest";
import type { Pending } from "./outbox.ts";
import type { ActorRef, EventData, EventRow, EventType } from "./protocol.ts";
import { Log, makeItems, splitSeam, type Item, type MessageItem, type ThreadView } from "./thread.ts";

const hana: ActorRef = { role: "customer", id: "cus_1", name: "Hana" };
const ida: ActorRef = { role: "agent", id: "agt_1", name: "Ida" };
const jonas: ActorRef = { role: "agent", id: "agt_2", name: "Jonas" };
const shop: ActorRef = { role: "bot", id: "bot_1", name: "shop" };

const noon = new Date("2026-03-14T12:00:00").getTime();

/** A talk, written down event by event. */
class Talk {
  readonly rows: EventRow[] = [];
  private at = noon;

  after(seconds: number): this {
    this.at += seconds * 1000;
    return this;
  }
  event<T extends EventType>(type: T, data: EventData[T], actor: ActorRef = ida): this {
    const seq = this.rows.length + 1;
    const event = { type, at: new Date(this.at).toISOString(), actor, data } as EventRow["event"];
    this.rows.push({ seq, prev: seq - 1, event });
    return this;
  }
  says(author: ActorRef, text: string, more: Partial<EventData["message.posted"]> = {}): this {
    return this.event(
      "message.posted",
      { id: `msg_${this.rows.length + 1}`, author, text, attachments: [], ...more },
      author,
    );
  }
  view(more: Partial<ThreadView> = {}): ThreadView {
    const theirs = { delivered: 0, read: 0 };
    return { rows: this.rows, pending: [], reader: { agent: "agt_1", name: "Ida" }, theirs, unreadFrom: null, ...more };
  }
  items(more: Partial<ThreadView> = {}): Item[] {
    return makeItems(this.view(more));
  }
}

const kinds = (items: readonly Item[]) => items.map((item) => item.kind).join(" ");
const messages = (items: readonly Item[]) => items.filter((item): item is MessageItem => item.kind === "message");
const pending = (text: string, state: Pending["state"], at = noon + 60_000): Pending => ({
  client_id: `k-${text}`,
  session: "ses_1",
  text,
  attachments: [],
  at,
  tab: "t",
  state,
});

describe("a thread", () => {
  test("has the talk with the bot, the seam, and the talk with people", () => {
    const items = new Talk()
      .says(hana, "where is it", { history: true })
      .says(shop, "on its way", { history: true })
      .event("session.requested", { channel: "web", subject: "Parcel", summary: "Find it" }, shop)
      .event("session.accepted", { agent: { id: "agt_1", name: "Ida" } })
      .says(ida, "hello")
      .event("note.added", { id: "not_1", text: "odd" })
      .items();
    expect(kinds(items)).toBe("day message message seam line message note");
    const { bot, seam, after } = splitSeam(items);
    expect(kinds(bot)).toBe("day message message");
    expect(seam!.requested.summary).toBe("Find it");
    expect(kinds(after)).toBe("line message note");
  });

  test("of which the beginning was not read yet has no seam", () => {
    expect(splitSeam(new Talk().says(ida, "hello").items()).seam).toBeNull();
  });

  test("shows everybody on his side", () => {
    const talk = new Talk()
      .says(hana, "a")
      .says(ida, "b")
      .says(jonas, "c")
      .says(shop, "d")
      .says({ role: "system" }, "e");
    expect(messages(talk.items()).map((m) => m.side)).toEqual(["customer", "own", "agent", "bot", "system"]);
    expect(messages(talk.items({ reader: "customer" })).map((m) => m.side)).toEqual([
      "own",
      "agent",
      "agent",
      "bot",
      "system",
    ]);
  });

  test("begins each day with its date, once", () => {
    const items = new Talk().says(hana, "a").after(60).says(hana, "b").after(86_400).says(hana, "c").items();
    expect(kinds(items)).toBe("day message message day message");
  });

  test("whose transcript has times of its own has each day once", () => {
    const items = new Talk()
      .after(86_400)
      .says(hana, "a")
      .after(-86_400)
      .says(hana, "b")
      .after(86_400)
      .says(hana, "c")
      .items();
    expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
  });

  test("has keys that no two items share", () => {
    const items = new Talk()
      .says(hana, "a", { client_id: "k1" })
      .says(shop, "b", { client_id: "k1" })
      .says(ida, "c")
      .items();
    expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
  });
});

describe("what one person says within three minutes", () => {
  const ends = (items: Item[]) =>
    messages(items)
      .map((m) => `${m.first ? "(" : ""}${m.text}${m.last ? ")" : ""}`)
      .join(" ");

  test("is one run", () => {
    const talk = new Talk().says(hana, "a").after(170).says(hana, "b").after(170).says(hana, "c");
    expect(ends(talk.items())).toBe("(a b c)");
  });

  test("is not joined with what comes later, from others, or after something else", () => {
    const talk = new Talk().says(hana, "a").after(181).says(hana, "b").says(ida, "c").says(jonas, "d").says(hana, "e");
    talk.event("session.priority", { priority: "high" }).says(hana, "f");
    expect(ends(talk.items())).toBe("(a) (b) (c) (d) (e) (f)");
  });

  test("is joined with what is not sent yet", () => {
    const items = new Talk().says(ida, "a").items({ pending: [pending("b", "sending"), pending("c", "waiting")] });
    expect(ends(items)).toBe("(a b c)");
  });

  test("is two runs where midnight lies in between", () => {
    const talk = new Talk().after(43_190).says(hana, "a").after(20).says(hana, "b");
    expect(ends(talk.items())).toBe("(a) (b)");
  });
});

describe("a message on its way", () => {
  test("stands at the end, and is the posted one in its place when its event comes", () => {
    const talk = new Talk().says(hana, "a");
    const before = talk.items({ pending: [pending("b", "sent")] });
    talk.says(ida, "b", { client_id: "k-b" });
    const after = talk.items({ pending: [pending("b", "sent")] });
    expect(messages(before).map((m) => [m.text, m.state])).toEqual([
      ["a", "posted"],
      ["b", "sent"],
    ]);
    expect(messages(after).map((m) => [m.text, m.state])).toEqual([
      ["a", "posted"],
      ["b", "posted"],
    ]);
    expect(after.at(-1)!.key).toBe(before.at(-1)!.key);
  });

  test("that was refused says why", () => {
    const refused = { ...pending("b", "failed"), error: { code: "session_ended", detail: "this chat has ended" } };
    const last = messages(new Talk().items({ pending: [refused] })).at(-1)!;
    expect(last).toMatchObject({ state: "failed", error: { code: "session_ended" }, receipt: null });
  });
});

describe("the receipt", () => {
  const talk = () => new Talk().says(ida, "a").says(hana, "b").says(ida, "c").says(hana, "d");
  const receipts = (more: Partial<ThreadView>) => messages(talk().items(more)).map((m) => m.receipt?.state ?? "-");

  test("stands under the last message of one's own, and nowhere else", () => {
    expect(receipts({})).toEqual(["-", "-", "sent", "-"]);
    expect(receipts({ theirs: { delivered: 3, read: 2 } })).toEqual(["-", "-", "delivered", "-"]);
    expect(receipts({ theirs: { delivered: 3, read: 3 } })).toEqual(["-", "-", "read", "-"]);
    expect(receipts({ pending: [pending("e", "waiting")] })).toEqual(["-", "-", "-", "-", "sending"]);
    expect(receipts({ pending: [pending("e", "sent")] })).toEqual(["-", "-", "-", "-", "sent"]);
  });

  test("has the time when it was seen to happen", () => {
    const items = talk().items({ theirs: { delivered: 3, read: 3 }, theirsAt: { read: noon } });
    expect(messages(items)[2]!.receipt).toEqual({ state: "read", at: noon });
  });
});

describe("the divider of what is new", () => {
  test("stands before the first message of others after what was read", () => {
    const talk = new Talk().says(hana, "a").says(ida, "b").says(hana, "c").says(hana, "d");
    expect(kinds(talk.items({ unreadFrom: 1 }))).toBe("day message message unread message message");
    expect(kinds(talk.items({ unreadFrom: 4 }))).toBe("day message message message message");
  });

  test("stands after the date when both fall on one place", () => {
    const talk = new Talk().says(hana, "a").after(86_400).says(hana, "b");
    expect(kinds(talk.items({ unreadFrom: 1 }))).toBe("day message day unread message");
  });
});

test("items that did not change are those of before, so that nothing else is drawn again", () => {
  const talk = new Talk().says(hana, "a").event("note.added", { id: "not_1", text: "n" }).says(ida, "b");
  const before = talk.items();
  const after = makeItems(talk.says(hana, "c").view({ theirs: { delivered: 3, read: 0 } }), before);
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(after[2]).toBe(before[2]);
  expect(after[3]).not.toBe(before[3]); // its receipt moved
});

describe("a log", () => {
  const row = (seq: number, prev = seq - 1) => ({ ...new Talk().says(hana, "x").rows[0]!, seq, prev });

  test("takes what follows, once", () => {
    const log = new Log(10);
    log.append([row(11), row(12), row(11)]);
    expect(log.have).toBe(12);
    expect(log.rows).toHaveLength(2);
    expect(log.complete).toBe(false);
  });

  test("takes what came before, up to what it has", () => {
    const log = new Log(3);
    log.append([row(4)]);
    log.prepend(0, [row(1), row(2), row(3), row(4)]);
    expect(log.rows.map((r) => r.seq)).toEqual([1, 2, 3, 4]);
    expect(log.complete).toBe(true);
  });

  test("is complete when nothing comes before its first event", () => {
    const log = new Log(2);
    log.append([row(3, 0), row(9, 3)]);
    expect(log.complete).toBe(true);
    expect(new Log(0).have).toBe(0);
  });
});

test("a talk of thousands is made in a moment", () => {
  const talk = new Talk();
  for (let i = 0; i < 5_000; i++) talk.after(30).says(i % 3 ? hana : ida, `message ${i}`);
  const before = talk.items();
  const began = performance.now();
  makeItems(talk.says(hana, "one more").view(), before);
  expect(performance.now() - began).toBeLessThan(1_000); // some 50 on a quiet machine
});
