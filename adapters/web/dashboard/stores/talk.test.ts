import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Api } from "../../shared/api.ts";
import type { Session } from "../../shared/protocol.ts";
import type { Sound } from "../../shared/sound.ts";
import { memoryStore } from "../../shared/storage.ts";
import { RealServer } from "../../shared/testing/server.ts";
import type { MessageItem } from "../../shared/thread.ts";
import type { Stores } from "./start.ts";
import { storesOn } from "./testing.ts";
import type { Thread } from "./thread.svelte.ts";

// One agent, his colleague and a customer, on the real server.

vi.setConfig({ testTimeout: 30_000 });

const patience = { timeout: 10_000, interval: 20 };
const until = (check: () => unknown) => vi.waitFor(check, patience);

let server: RealServer;
let ida: Api;
let jonas: Api;
let count = 0;
const open: Stores[] = [];

beforeAll(async () => {
  server = await RealServer.start();
  ida = await server.addPerson("Ida", "agent");
  jonas = await server.addPerson("Jonas", "supervisor");
}, 120_000);

afterEach(async () => {
  for (const { desk } of open.splice(0)) desk.close();
  for (const { id } of await jonas.list<Session>("/v1/sessions", { status: "pending,waiting,active" })) {
    await jonas.post(`/v1/sessions/${id}/end`, {});
  }
});

afterAll(() => server.stop());

/** desk opens the desk of somebody who takes part, and waits until it is there. */
async function desk(api: Api, ...more: [((sound: Sound) => void)?, ReturnType<typeof memoryStore>?]): Promise<Stores> {
  const stores = storesOn(server, api, ...more);
  open.push(stores);
  await stores.desk.open();
  await until(() => expect([stores.desk.ready, stores.connection.state]).toEqual([true, "online"]));
  return stores;
}

/** hana comes to the page and asks for a person. */
async function hana(): Promise<{ id: string; api: Api; says(text: string): Promise<void> }> {
  const { api } = await server.addCustomer("Hana Sato");
  const { id } = await api.post<{ id: string }>("/v1/handoffs", { subject: `Parcel ${++count}` });
  const says = async (text: string) => {
    await api.post(`/v1/sessions/${id}/messages`, { client_id: `h${++count}`, text });
  };
  return { id, api, says };
}

const texts = (thread: Thread) =>
  thread.items.filter((item): item is MessageItem => item.kind === "message").map((item) => item.text);
const kinds = (thread: Thread) => thread.items.map((item) => item.kind);

describe("a talk", () => {
  test("is read from its end, and its older part when somebody asks for it", async () => {
    const stores = await desk(jonas);
    const words = Array.from({ length: 260 }, (_, i) => `message ${i}`);
    const bot = server.addBot(`bulk${count}`);
    const { id } = await bot.post<{ id: string }>("/v1/handoffs", {
      conversation_id: "c1",
      customer: { external_id: "u1" },
      transcript: words.map((text) => ({ author: { role: "customer" }, text })),
    });
    stores.messages.view(id);
    const thread = stores.messages.thread(id);
    await until(() => expect(thread.loading).toBe(false));
    expect(thread.complete).toBe(false);
    expect(texts(thread).at(-1)).toBe("message 259");
    expect(texts(thread).length).toBeLessThan(220);
    await thread.loadOlder();
    await until(() => expect(texts(thread)).toEqual(words));
    expect(thread.complete).toBe(true);
  });

  test("that may not be read says so, and is there when it may be", async () => {
    const stores = await desk(ida);
    const { id: billing } = await server.addBot("billing").post<{ id: string }>("/v1/handoffs", {
      conversation_id: "c2",
      customer: { external_id: "u2", name: "Liv" },
      routing: { queue: await otherQueue() },
    });
    stores.messages.view(billing);
    const thread = stores.messages.thread(billing);
    await until(() => expect(thread.missing).toBe(true));
    await jonas.post(`/v1/sessions/${billing}/assign`, { agent_id: stores.me.id });
    await until(() => expect([thread.missing, thread.loading, thread.following]).toEqual([false, false, true]));
    expect(kinds(thread)).toContain("seam");
    await jonas.post(`/v1/sessions/${billing}/end`, {});
  });

  test("is known by its first lines after a conversation with a bot", async () => {
    const stores = await desk(ida);
    const { id } = await server.addBot("shop").post<{ id: string }>("/v1/handoffs", {
      conversation_id: "c3",
      customer: { external_id: "u3", name: "Liv", attributes: { plan: "gold" } },
      reason: { code: "customer_request", text: "Asked for a person" },
      tried: ["Delivery status"],
      context: { order: 48213 },
      transcript: [{ author: { role: "bot" }, text: "On its way" }],
    });
    stores.messages.view(id);
    const thread = stores.messages.thread(id);
    await until(() => expect(kinds(thread).slice(0, 3)).toEqual(["day", "message", "seam"]));
    await until(() => expect(stores.sessions.peek(id)?.status).toBe("waiting"));
    expect(thread.detail).toMatchObject({ tried: ["Delivery status"], context: { order: 48213 }, status: "waiting" });
    expect(thread.detail!.customer.attributes).toEqual({ plan: "gold" });
  });
});

/** otherQueue makes a queue that Ida is not in. */
async function otherQueue(): Promise<string> {
  const owner = await server.addPerson("Olga", "owner");
  return (await owner.post<{ name: string }>("/v1/queues", { name: "billing" })).name;
}

describe("reading", () => {
  test("is told when the person sees the chat, and not before", async () => {
    const customer = await hana();
    const stores = await desk(ida);
    await stores.desk.take(customer.id);
    stores.messages.see(false);
    stores.messages.view(customer.id);
    const thread = stores.messages.thread(customer.id);
    await until(() => expect(thread.following).toBe(true));
    await customer.says("are you there?");
    await until(() => expect(stores.sessions.peek(customer.id)).toMatchObject({ unread: 1 }));
    await until(() => expect(stores.sessions.peek(customer.id)!.receipts.agent.delivered).toBeGreaterThan(0));
    expect(stores.sessions.unreadOf(customer.id)).toBe(1);
    await until(() => expect(kinds(thread)).toContain("unread"));
    stores.messages.see(true);
    expect(stores.sessions.unreadOf(customer.id)).toBe(0);
    await until(() => expect(stores.sessions.peek(customer.id)).toMatchObject({ unread: 0 }));
  });

  test("is told of a chat that the page begins with", async () => {
    const customer = await hana();
    const id = (await ida.get<{ id: string }>("/v1/me")).id;
    await jonas.post(`/v1/sessions/${customer.id}/assign`, { agent_id: id, force: true });
    await customer.says("are you there?");
    const stores = storesOn(server, ida);
    open.push(stores);
    const opened = stores.desk.open();
    stores.messages.see(true);
    await opened;
    stores.messages.view(customer.id);
    const thread = stores.messages.thread(customer.id);
    await until(() => expect(kinds(thread)).toContain("unread"));
    await until(() => expect(stores.sessions.peek(customer.id)).toMatchObject({ unread: 0 }));
  });

  test("of the customer stands under what I said last", async () => {
    const customer = await hana();
    const stores = await desk(ida);
    await stores.desk.take(customer.id);
    stores.messages.view(customer.id);
    const thread = stores.messages.thread(customer.id);
    stores.messages.send(customer.id, "hello");
    const last = () => thread.items.findLast((i): i is MessageItem => i.kind === "message");
    await until(() => expect(last()).toMatchObject({ state: "posted", receipt: { state: "sent" } }));
    await customer.api.post(`/v1/sessions/${customer.id}/read`, { seq: thread.have });
    const read = { state: "read", at: expect.any(Number) as number };
    await until(() => expect(last()?.receipt).toEqual(read));
  });
});

describe("a cut", () => {
  test("of the network while both sides write loses and doubles nothing, and is over within two seconds", async () => {
    const customer = await hana();
    const stores = await desk(ida);
    await stores.desk.take(customer.id);
    stores.messages.view(customer.id);
    const thread = stores.messages.thread(customer.id);
    await until(() => expect(thread.following).toBe(true));
    stores.messages.send(customer.id, "one");
    server.cut();
    for (const text of ["two", "three"]) stores.messages.send(customer.id, text);
    await customer.says("and me");
    const back = performance.now();
    await until(() => expect(texts(thread)).toHaveLength(4));
    await until(() => expect(stores.messages.waiting).toBe(0));
    expect(performance.now() - back).toBeLessThan(2_000 * 5);
    expect(texts(thread).filter((text) => text !== "and me")).toEqual(["one", "two", "three"]);
    const unposted = () => thread.items.filter((item) => item.kind === "message" && item.state !== "posted");
    await until(() => expect(unposted()).toEqual([]));
    expect(texts(thread)).toHaveLength(4);
  });

  test("of the page keeps what was written, and the next page sends it", async () => {
    const customer = await hana();
    const kept = memoryStore();
    const before = await desk(ida, undefined, kept);
    await before.desk.take(customer.id);
    before.drafts.set(customer.id, "reply", "I am");
    before.socket.stop();
    before.messages.send(customer.id, "written without a connection");
    before.desk.close();
    const after = await desk(ida, undefined, kept);
    after.messages.view(customer.id);
    await until(() => expect(texts(after.messages.thread(customer.id))).toEqual(["written without a connection"]));
    expect(after.drafts.text(customer.id, "reply")).toBe("I am");
  });
});

describe("a call", () => {
  test("by sound comes for an offer, for a message, and not for what is looked at", async () => {
    const heard: Sound[] = [];
    const stores = await desk(ida, (sound) => heard.push(sound));
    await stores.me.setStatus("available");
    const customer = await hana();
    await until(() => expect(stores.offers.list.map((o) => o.session.id)).toContain(customer.id));
    await until(() => expect(heard).toEqual(["offer"]));
    expect(stores.alerts.count).toBe(1);
    await stores.offers.accept(customer.id);
    await until(() => expect(stores.offers.ringing).toBe(false));
    await until(() => expect(stores.tabs.ids).toContain(customer.id));
    await customer.says("hello?");
    await until(() => expect(heard).toEqual(["offer", "message"]));
    await until(() => expect(stores.alerts.count).toBe(1));
    stores.messages.view(customer.id);
    await until(() => expect(stores.alerts.count).toBe(0));
    await customer.says("are you there?");
    await until(() => expect(texts(stores.messages.thread(customer.id))).toHaveLength(2));
    await until(() =>
      expect(stores.sessions.peek(customer.id)).toMatchObject({ unread: 0, last: { text: "are you there?" } }),
    );
    expect(heard).toEqual(["offer", "message"]);
    await stores.me.setStatus("offline");
  });

  test("comes for a chat that a colleague gives me", async () => {
    const heard: Sound[] = [];
    const stores = await desk(ida, (sound) => heard.push(sound));
    const customer = await hana();
    await until(() => expect(stores.sessions.peek(customer.id)).toBeDefined());
    await jonas.post(`/v1/sessions/${customer.id}/assign`, { agent_id: stores.me.id, force: true });
    await until(() => expect(heard).toEqual(["message"]));
    expect(stores.sessions.peek(customer.id)?.agent?.id).toBe(stores.me.id);
  });
});

describe("an end", () => {
  test("can be undone for a while, and then is made", async () => {
    const customer = await hana();
    const stores = await desk(jonas);
    await stores.desk.take(customer.id, true);
    const first = stores.desk.endLater(customer.id, { reason: "resolved" }, 60_000);
    expect(stores.desk.ending(customer.id)).toBe(first);
    expect(first.undo()).toBe(true);
    expect(first.undo()).toBe(false);
    await first.now();
    expect(stores.sessions.peek(customer.id)?.status).toBe("active");
    stores.desk.endLater(customer.id, { reason: "unsolved" }, 10);
    await until(() =>
      expect(stores.sessions.peek(customer.id)).toMatchObject({ status: "ended", end: { reason: "unsolved" } }),
    );
    expect(stores.desk.ending(customer.id)).toBeUndefined();
    await until(() => expect(stores.sessions.counts.mine).toBe(0));
  });

  test("that is refused is told", async () => {
    const customer = await hana();
    const stores = await desk(ida);
    const failed = vi.fn();
    stores.desk.endLater(customer.id, { reason: "resolved" }, 10, failed);
    await jonas.post(`/v1/sessions/${customer.id}/end`, {});
    await until(() => expect(failed).toHaveBeenCalledWith(expect.objectContaining({ status: 409 })));
  });
});

test("somebody who leaves a queue no longer has its chats", async () => {
  const api = await server.addPerson("Max", "agent");
  const customer = await hana();
  const stores = await desk(api);
  await until(() => expect(stores.sessions.peek(customer.id)).toBeDefined());
  await jonas.patch(`/v1/agents/${stores.me.id}`, { queues: [] });
  await until(() => expect(stores.me.queues).toEqual([]));
  await until(() => expect(stores.sessions.peek(customer.id)).toBeUndefined());
});

test("typing is seen until the message is there", async () => {
  const customer = await hana();
  const stores = await desk(ida);
  await jonas.post(`/v1/sessions/${customer.id}/assign`, { agent_id: stores.me.id, force: true });
  await until(() => expect(stores.messages.thread(customer.id).following).toBe(true));
  await until(async () => {
    await customer.api.post(`/v1/sessions/${customer.id}/typing`);
    expect(stores.presence.typing(customer.id).map((who) => who.name)).toEqual(["Hana Sato"]);
  });
  await customer.says("hello");
  await until(() => expect(stores.presence.typing(customer.id)).toEqual([]));
});

test("somebody who signs out leaves nothing behind for the next one", async () => {
  const stores = await desk(await server.addPerson("Eve", "agent"));
  await stores.desk.signOut();
  expect([stores.me.id, stores.desk.signedIn, stores.sessions.counts.all, stores.presence.agents.length]).toEqual([
    "",
    false,
    0,
    0,
  ]);
  await expect(stores.desk.open()).rejects.toMatchObject({ status: 401 });
});
