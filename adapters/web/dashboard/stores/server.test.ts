/// <reference types="node" />
import { flushSync } from "svelte";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { asProblem, Api } from "../../shared/api.ts";
import type { Agent, EventRow, Queue, Session } from "../../shared/protocol.ts";
import { Dice } from "../../shared/testing/dice.ts";
import { RealServer } from "../../shared/testing/server.ts";
import { Board, groups } from "./board.ts";
import type { Stores } from "./start.ts";
import { storesOn } from "./testing.ts";

// Random stories on the real server: whatever happens, and whatever the connection does meanwhile, the stores end up
// with what a fresh read gives. BATON_SEED tells one story again.

const seeds = process.env.BATON_SEED ? [Number(process.env.BATON_SEED)] : [1, 2, 3];
const steps = 120;
const patience = { timeout: 15_000, interval: 50 };

let server: RealServer;
const people: Record<string, Api> = {};
let bot: Api;

beforeAll(async () => {
  server = await RealServer.start({ BATON_OFFERS_EXPIRE_AFTER: "1s", BATON_OFFERS_AGAIN_AFTER: "1s" });
  people.Ida = await server.addPerson("Ida", "agent");
  people.Jonas = await server.addPerson("Jonas", "supervisor");
  bot = server.addBot("shop");
}, 120_000);

afterAll(() => server.stop());

/** A story has two agents with their stores, a bot that relays one customer, and two customers of the page. */
class Story {
  readonly desks: Stores[] = [];
  readonly sent = new Map<string, string[]>(); // by the author's agent id and session: the texts in order
  private readonly left: (() => void)[] = [];
  private customers: { id: string; api: Api }[] = [];
  private readonly own = new Map<string, Api>(); // session → its customer
  private words = 0;

  constructor(
    readonly dice: Dice,
    readonly seed: number,
  ) {}

  async begin(): Promise<void> {
    for (const name of ["Ida", "Jonas"]) {
      const stores = storesOn(server, people[name]!);
      await stores.desk.open();
      await stores.me.setStatus("available");
      await stores.me.setCapacity(6);
      this.desks.push(stores);
    }
    for (const name of ["Ann", "Ben"]) this.customers.push(await server.addCustomer(name));
    const stands = ({ connection, desk, sessions }: Stores) => [connection.state, desk.ready, sessions.error];
    await vi.waitFor(
      () => expect(this.desks.map(stands)).toEqual(this.desks.map(() => ["online", true, null])),
      patience,
    );
  }

  end(): void {
    for (const leave of this.left) leave();
    for (const { desk } of this.desks) desk.close();
  }

  /** step does one thing at random. What the desk refuses is part of the story. */
  async step(): Promise<void> {
    const acts = [
      this.ask,
      this.ask,
      this.customerSays,
      this.customerSays,
      this.customerSays,
      this.agentSays,
      this.agentSays,
      this.agentSays,
      this.accept,
      this.take,
      this.look,
      this.passOn,
      this.annotate,
      this.end1,
      this.decline,
      this.cut,
    ];
    try {
      await this.dice.one(acts).call(this);
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (![0, 404, 409, 422, 503].includes(problem.status) || thrown instanceof TypeError) throw thrown;
    }
  }

  private async ask(): Promise<void> {
    const by = this.dice.below(3);
    const subject = `Parcel ${++this.words}`;
    if (by < 2) {
      const customer = this.customers[by]!;
      const { id } = await customer.api.post<{ id: string }>("/v1/handoffs", { subject });
      this.own.set(id, customer.api);
      return;
    }
    const { id } = await bot.post<{ id: string }>("/v1/handoffs", {
      conversation_id: `c-${this.seed}-${this.words}`,
      customer: { external_id: `u-${this.seed}-${this.words}`, name: "Hana Sato" },
      subject,
      summary: "Find the parcel",
      tried: ["Delivery status"],
      context: { order: this.words },
      routing: { priority: this.dice.one(["low", "normal", "high", "urgent"]) },
      transcript: [
        { author: { role: "customer", name: "Hana" }, text: "Where is it?" },
        { author: { role: "bot", name: "shop" }, text: "On its way." },
      ],
    });
    this.own.set(id, bot);
  }

  private async customerSays(): Promise<void> {
    const id = this.dice.one([...this.own.keys()]);
    if (!id) return;
    const text = `customer ${++this.words}`;
    await this.own.get(id)!.post(`/v1/sessions/${id}/messages`, { client_id: `k${this.seed}-${this.words}`, text });
  }

  private async agentSays(): Promise<void> {
    const { me, messages, sessions } = this.dice.one(this.desks);
    const mine = sessions.all("mine");
    if (mine.length === 0) return;
    const { id } = this.dice.one(mine);
    for (let i = this.dice.below(4); i >= 0; i--) {
      const text = `agent ${this.seed}.${++this.words}`;
      messages.send(id, text);
      const key = `${me.id} ${id}`;
      this.sent.set(key, [...(this.sent.get(key) ?? []), text]);
    }
  }

  private async accept(): Promise<void> {
    const { desk, offers } = this.dice.one(this.desks);
    const offer = offers.list[0];
    if (offer) await desk.accept(offer.session.id);
  }

  private async decline(): Promise<void> {
    const { desk, offers } = this.dice.one(this.desks);
    const offer = offers.list[0];
    if (offer) await desk.decline(offer.session.id, "busy");
  }

  private async take(): Promise<void> {
    await this.dice.one(this.desks).desk.takeNext();
  }

  private async look(): Promise<void> {
    const { messages, sessions } = this.dice.one(this.desks);
    const all = sessions.all("all");
    if (all.length > 0) this.left.push(messages.view(this.dice.one(all).id));
    if (this.left.length > 6) this.left.shift()!();
  }

  private async passOn(): Promise<void> {
    const { desk, sessions } = this.dice.one(this.desks);
    const mine = sessions.all("mine");
    if (mine.length === 0) return;
    const to = this.dice.one(this.desks).me.id;
    const where = this.dice.chance(2) ? { queue: "general" } : { agent_id: to };
    await desk.transfer(this.dice.one(mine).id, { ...where, note: "over to you" });
  }

  private async annotate(): Promise<void> {
    const { desk, sessions } = this.dice.one(this.desks);
    const all = sessions.all("all");
    if (all.length === 0) return;
    const { id } = this.dice.one(all);
    const tag = this.dice.one(["vip", "parcel"]);
    const acts = [
      () => desk.note(id, "a note"),
      () => desk.tag(id, tag),
      () => desk.untag(id, tag),
      () => desk.update(id, { priority: this.dice.one(["low", "normal", "high", "urgent"]) }),
      () => desk.update(id, { subject: `Subject ${++this.words}` }),
    ];
    await this.dice.one(acts)();
  }

  private async end1(): Promise<void> {
    if (!this.dice.chance(2)) return;
    const { desk, sessions } = this.dice.one(this.desks);
    const mine = sessions.all("mine");
    if (mine.length > 0) await desk.end(this.dice.one(mine).id, { reason: "resolved" });
  }

  private async cut(): Promise<void> {
    if (this.dice.chance(3)) server.cut();
  }
}

function without<T extends object, K extends keyof T>(all: T, ...names: K[]): Omit<T, K> {
  const rest = { ...all };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}

/** plain leaves out what lists do not tell. */
const plain = (session: Session): object => ({
  ...without(session, "position", "wait", "context", "tried"),
  customer: without(session.customer, "attributes"),
});

const api = (stores: Stores) => stores.api;

async function compareLists(stores: Stores): Promise<void> {
  const fresh = await api(stores).list<Session>("/v1/sessions", { status: "pending,waiting,active" });
  const known = fresh.map(({ id }) => stores.sessions.peek(id)).map((s) => s && plain(s));
  expect(known).toEqual(fresh.map(plain));
  expect(stores.sessions.all("all").length).toBe(fresh.length);
  const anew = new Board(stores.me.id);
  for (const row of fresh) anew.put(row);
  for (const group of groups) {
    expect(stores.sessions.all(group).map((s) => s.id)).toEqual(anew.of(group).map((s) => s.id));
  }
  const offered = fresh.filter((s) => s.offer?.agent.id === stores.me.id).map((s) => s.id);
  expect(stores.offers.list.every((o) => offered.includes(o.session.id))).toBe(true);
}

async function compareHouse(stores: Stores): Promise<void> {
  const agents = await api(stores).list<Agent>("/v1/agents");
  for (const agent of agents) expect(stores.presence.agent(agent.id)).toMatchObject(without(agent, "last_seen_at"));
  const queues = await api(stores).list<Queue>("/v1/queues");
  for (const queue of queues) expect(stores.presence.queue(queue.id)).toEqual(queue);
  expect(stores.me.load).toBe(agents.find((a) => a.id === stores.me.id)!.load);
}

async function compareThread(stores: Stores, story: Story, id: string): Promise<void> {
  const { data } = await api(stores).get<{ data: EventRow[] }>(`/v1/sessions/${id}/events`, { query: { limit: 500 } });
  flushSync();
  const thread = stores.messages.thread(id);
  expect({ following: thread.following, loading: thread.loading, error: thread.error }).toEqual({
    following: true,
    loading: false,
    error: null,
  });
  const seqs = data.map((row) => row.seq);
  const messages = thread.items.filter((item) => item.kind === "message");
  const refused = messages.filter((item) => item.state === "failed").map((item) => item.text);
  const shown = thread.items.flatMap((i) =>
    "seq" in i && !(i.kind === "message" && i.state === "failed") ? [i.seq] : [],
  );
  expect(shown).toEqual(seqs);
  const sent = story.sent.get(`${stores.me.id} ${id}`) ?? [];
  const kept = messages.filter((item) => item.seq !== null && sent.includes(item.text)).map((item) => item.text);
  expect(kept).toEqual(sent.filter((text) => !refused.includes(text)));
  const fresh = await api(stores).get<Session>(`/v1/sessions/${id}`);
  expect(plain(thread.detail!)).toEqual(plain(fresh));
  expect(thread.detail!.context).toEqual(fresh.context);
}

describe("a snapshot and what came after it are a fresh snapshot", () => {
  test.each(seeds)("in the random story %i", { timeout: 120_000 }, async (seed) => {
    const story = new Story(new Dice(seed), seed);
    await story.begin();
    try {
      for (let step = 0; step < steps; step++) {
        await story.step();
        if (step === steps / 2) await server.restart();
      }
      await vi.waitFor(() => expect(story.desks.map((d) => d.messages.waiting)).toEqual([0, 0]), patience);
      for (const stores of story.desks) {
        await vi.waitFor(() => compareLists(stores), patience);
        await vi.waitFor(() => compareHouse(stores), patience);
        for (const { id } of stores.sessions.all("mine"))
          await vi.waitFor(() => compareThread(stores, story, id), patience);
      }
    } finally {
      story.end();
    }
  });
});
