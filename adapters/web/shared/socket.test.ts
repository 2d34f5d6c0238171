import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "./api.ts";
import type { EventRow } from "./protocol.ts";
import { Socket, type Connection, type Ears } from "./socket.ts";
import type { EventPage } from "./stream.ts";

type Frame = Record<string, unknown> & { type: string; id?: string };

/** Line is one connection as the server has it. */
class Line implements Connection {
  readonly heard: Frame[] = [];
  closed = false;

  constructor(
    readonly protocols: string[],
    private readonly ears: Ears,
  ) {}

  send(text: string): void {
    this.heard.push(JSON.parse(text) as Frame);
  }
  close(): void {
    this.closed = true;
  }
  say(frame: Frame): void {
    this.ears.heard(JSON.stringify(frame));
  }
  welcome(build = "b1"): void {
    this.say({ type: "welcome", build, now: new Date(Date.now() + 5_000).toISOString() });
  }
  end(code: number): void {
    this.ears.ended(code);
  }
  /** last is the last frame of a type. */
  last(type: string): Frame | undefined {
    return this.heard.findLast((frame) => frame.type === type);
  }
  grant(type: string, more: object = {}): void {
    this.say({ type: "ok", id: this.last(type)!.id, ...more });
  }
}

const row = (seq: number, prev = seq - 1): EventRow => ({
  seq,
  prev,
  event: { type: "session.waiting", at: "2026-03-14T15:09:26.535Z", actor: { role: "system" }, data: {} },
});
const eventFrame = (seq: number, prev = seq - 1): Frame => ({ type: "event", session: "ses_1", ...row(seq, prev) });

function world() {
  const lines: Line[] = [];
  const states: string[] = [];
  const fetched: number[] = [];
  let ticket: () => Promise<string> = async () => "t1";
  let events: (after: number) => Promise<EventPage> = async () => ({ data: [], next: null });
  const socket = new Socket({
    open: (protocols, ears) => {
      lines.push(new Line(protocols, ears));
      return lines.at(-1)!;
    },
    ticket: () => ticket(),
    events: (_session, after) => {
      fetched.push(after);
      return events(after);
    },
    random: () => 1,
  });
  socket.onState((state) => states.push(state));
  return {
    socket,
    lines,
    states,
    fetched,
    line: () => lines.at(-1)!,
    tickets: (next: () => Promise<string>) => (ticket = next),
    log: (next: (after: number) => Promise<EventPage>) => (events = next),
    /** online starts, and has the server say welcome. */
    online: async () => {
      socket.start();
      await vi.advanceTimersByTimeAsync(0);
      lines.at(-1)!.welcome();
    },
    /** comesBack waits for the next connection, and has it welcomed. */
    comesBack: async () => {
      const before = lines.length;
      while (lines.length === before) await vi.advanceTimersByTimeAsync(100);
      lines.at(-1)!.welcome();
    },
  };
}

const reader = () => {
  const seqs: number[] = [];
  const gone: Problem[] = [];
  return { seqs, gone, events: (rows: EventRow[]) => seqs.push(...rows.map((r) => r.seq)) };
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a connection", () => {
  test("is made with a ticket, and is online with the welcome", async () => {
    const w = world();
    await w.online();
    expect(w.line().protocols).toEqual(["baton.v1", "ticket.t1"]);
    expect(w.states).toEqual(["connecting", "online"]);
    expect(w.socket.build).toBe("b1");
    expect(w.socket.offset).toBe(5_000);
  });

  test("that is not welcomed in time is given up for another", async () => {
    const w = world();
    w.socket.start();
    await vi.advanceTimersByTimeAsync(10_100);
    expect(w.lines[0]!.closed).toBe(true);
    expect(w.socket.state).toBe("offline");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(w.lines).toHaveLength(2);
  });

  test("whose ticket is refused because nobody is signed in is not tried again", async () => {
    const w = world();
    w.tickets(() => Promise.reject(new Problem(401, "unauthorized", "")));
    w.socket.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(w.states).toEqual(["connecting", "signedout"]);
    w.tickets(async () => "t2");
    await w.online();
    expect(w.socket.state).toBe("online");
  });

  test("that ends because the login was replaced comes back with the new one", async () => {
    const w = world();
    await w.online();
    w.line().end(4401);
    w.tickets(async () => "t2");
    await w.comesBack();
    expect(w.line().protocols[1]).toBe("ticket.t2");
    expect(w.socket.state).toBe("online");
  });
});

describe("an outage", () => {
  test("is met with attempts close together at first, so that people are back at once", async () => {
    const w = world();
    await w.online();
    w.line().end(1012);
    w.tickets(() => Promise.reject(new Problem(0, "offline", "")));
    await vi.advanceTimersByTimeAsync(30_000);
    w.tickets(async () => "t1");
    const back = Date.now();
    await w.comesBack();
    expect(Date.now() - back).toBeLessThan(1_600);
  });

  test("that lasts is met with fewer attempts", async () => {
    const w = world();
    let asked = 0;
    w.tickets(() => {
      asked++;
      return Promise.reject(new Problem(0, "offline", ""));
    });
    w.socket.start();
    await vi.advanceTimersByTimeAsync(120_000);
    const before = asked;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked - before).toBeLessThanOrEqual(4);
    expect(w.socket.retryAt).toBeGreaterThan(Date.now());
  });

  test("ends with the first sign of the network", async () => {
    const w = world();
    w.tickets(() => Promise.reject(new Problem(0, "offline", "")));
    w.socket.start();
    await vi.advanceTimersByTimeAsync(120_000);
    w.tickets(async () => "t1");
    w.socket.wake();
    await vi.advanceTimersByTimeAsync(0);
    w.line().welcome();
    expect(w.socket.state).toBe("online");
  });

  test("that the server asked for is as long as it asked", async () => {
    const w = world();
    w.tickets(() => Promise.reject(new Problem(503, "busy", "", [], "", 7)));
    w.socket.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(w.socket.retryAt).toBe(Date.now() + 7_000);
  });

  test("that we made ourselves by sending too fast is a pause", async () => {
    const w = world();
    await w.online();
    w.line().end(4029);
    expect(w.socket.retryAt! - Date.now()).toBe(8_000);
  });
});

describe("a dead connection", () => {
  test("is found within 45 seconds of silence", async () => {
    const w = world();
    await w.online();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(w.lines[0]!.last("ping")).toBeDefined();
    expect(w.lines[0]!.closed).toBe(true);
    expect(w.lines.length).toBeGreaterThan(1);
  });

  test("is not a silent one whose server answers", async () => {
    const w = world();
    await w.online();
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(5_000);
      if (w.line().last("ping")) w.line().grant("ping");
    }
    expect(w.lines).toHaveLength(1);
  });

  test("is found at once when the person comes back", async () => {
    const w = world();
    await w.online();
    w.socket.wake();
    await vi.advanceTimersByTimeAsync(2_100);
    expect(w.lines[0]!.closed).toBe(true);
  });
});

describe("what is asked", () => {
  test("is answered, refused, or lost with the connection", async () => {
    const w = world();
    await w.online();
    const granted = w.socket.request({ type: "note", session: "ses_1", text: "x" });
    w.line().grant("note", { note: "not_1", seq: 7 });
    expect(await granted).toMatchObject({ note: "not_1", seq: 7 });
    const refused = w.socket.request({ type: "accept", session: "ses_1" });
    w.line().say({ type: "problem", id: w.line().last("accept")!.id, code: "conflict", detail: "taken" });
    await expect(refused).rejects.toMatchObject({ status: 409, code: "conflict", detail: "taken" });
    const lost = w.socket.request({ type: "accept", session: "ses_1" });
    w.line().end(1006);
    await expect(lost).rejects.toMatchObject({ code: "offline", passing: true });
    await expect(w.socket.request({ type: "ping" })).rejects.toMatchObject({ code: "offline" });
  });

  test("and gets no answer may be asked again", async () => {
    const w = world();
    await w.online();
    const asked = expect(w.socket.request({ type: "accept", session: "s" })).rejects.toMatchObject({
      code: "busy",
      passing: true,
    });
    await vi.advanceTimersByTimeAsync(15_100);
    await asked;
  });

  test("and is too long for a frame is refused before the server ends the connection for it", async () => {
    const w = world();
    await w.online();
    const long = w.socket.request({ type: "note", session: "ses_1", text: "x".repeat(70_000) });
    await expect(long).rejects.toMatchObject({ code: "too_large", passing: false });
  });
});

describe("a stream", () => {
  test("is told each event once and in order, through a reconnect", async () => {
    const w = world();
    await w.online();
    const r = reader();
    w.socket.follow("ses_1", 3, { events: r.events, gone: (p) => r.gone.push(p) });
    expect(w.line().last("subscribe")).toMatchObject({ session: "ses_1", after: 3 });
    w.line().grant("subscribe");
    for (const seq of [3, 4, 5, 4]) w.line().say(eventFrame(seq));
    w.line().end(1006);
    await w.comesBack();
    expect(w.line().last("subscribe")).toMatchObject({ after: 5 });
    for (const seq of [5, 6]) w.line().say(eventFrame(seq));
    expect(r.seqs).toEqual([4, 5, 6]);
  });

  test("whose events are numbered with holes goes by the one before", async () => {
    const w = world();
    await w.online();
    const r = reader();
    w.socket.follow("ses_1", 0, { events: r.events, gone: () => undefined });
    w.line().say(eventFrame(4, 0));
    w.line().say(eventFrame(9, 4));
    expect(r.seqs).toEqual([4, 9]);
    expect(w.fetched).toEqual([]);
  });

  test("with a gap is filled by HTTP, and goes on with what came meanwhile", async () => {
    const w = world();
    await w.online();
    const r = reader();
    w.socket.follow("ses_1", 1, { events: r.events, gone: () => undefined });
    let answer: (page: EventPage) => void = () => undefined;
    w.log((after) =>
      after === 3 ? Promise.resolve({ data: [row(4)], next: null }) : new Promise((ok) => (answer = ok)),
    );
    w.line().say(eventFrame(5));
    w.line().say(eventFrame(6));
    answer({ data: [row(2), row(3)], next: 3 });
    await vi.advanceTimersByTimeAsync(0);
    expect(w.fetched).toEqual([1, 3]);
    expect(r.seqs).toEqual([2, 3, 4, 5, 6]);
  });

  test("whose gap cannot be filled now is taken up again a moment later", async () => {
    const w = world();
    await w.online();
    const r = reader();
    w.socket.follow("ses_1", 1, { events: r.events, gone: () => undefined });
    w.log(() => Promise.reject(new Problem(503, "busy", "")));
    w.line().say(eventFrame(5));
    await vi.advanceTimersByTimeAsync(1_100);
    expect(w.line().heard.filter((f) => f.type === "subscribe")).toHaveLength(2);
    for (const seq of [2, 3, 4, 5]) w.line().say(eventFrame(seq));
    expect(r.seqs).toEqual([2, 3, 4, 5]);
  });

  test("that missed too much begins anew where its reader says", async () => {
    const w = world();
    await w.online();
    const r = reader();
    w.socket.follow("ses_1", 1, { events: r.events, gone: () => undefined, reset: async () => 9_000 });
    w.line().say({ type: "resync", session: "ses_1" });
    await vi.advanceTimersByTimeAsync(0);
    expect(w.line().last("subscribe")).toMatchObject({ after: 9_000 });
    w.line().say(eventFrame(9_001));
    expect(r.seqs).toEqual([9_001]);
  });

  test("of a session that may not be read (any more) ends", async () => {
    const w = world();
    await w.online();
    const r = reader();
    w.socket.follow("ses_1", 0, { events: r.events, gone: (p) => r.gone.push(p) });
    w.line().say({ type: "problem", session: "ses_1", code: "not_found", detail: "" });
    w.line().say(eventFrame(1));
    expect(r.gone.map((p) => p.status)).toEqual([404]);
    expect(r.seqs).toEqual([]);
    w.socket.follow("ses_2", 0, { events: r.events, gone: (p) => r.gone.push(p) });
    w.line().say({ type: "problem", id: w.line().last("subscribe")!.id, code: "not_found", detail: "" });
    await vi.advanceTimersByTimeAsync(0);
    expect(r.gone).toHaveLength(2);
  });

  test("that nobody reads any more is given up", async () => {
    const w = world();
    await w.online();
    const r = reader();
    const leave = w.socket.follow("ses_1", 0, { events: r.events, gone: () => undefined });
    leave();
    w.line().say(eventFrame(1));
    expect(w.line().last("unsubscribe")).toMatchObject({ session: "ses_1" });
    expect(r.seqs).toEqual([]);
  });
});

test("the desk is followed anew with each connection", async () => {
  const w = world();
  const started = vi.fn();
  w.socket.followDesk(started);
  await w.online();
  w.line().grant("subscribe");
  await vi.advanceTimersByTimeAsync(0);
  w.line().end(1012);
  await w.comesBack();
  w.line().grant("subscribe");
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toHaveBeenCalledTimes(2);
});

test("somebody who signs in again goes on where he was", async () => {
  const w = world();
  await w.online();
  const r = reader();
  w.socket.follow("ses_1", 4, { events: r.events, gone: () => undefined });
  w.socket.signedOut();
  expect(w.socket.state).toBe("signedout");
  await w.online();
  expect(w.line().last("subscribe")).toMatchObject({ session: "ses_1", after: 4 });
});
