import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../../shared/api.ts";
import { memoryStore } from "../../shared/storage.ts";
import { answering } from "../../shared/testing/answering.ts";
import { held, person, session, time } from "../../shared/testing/rows.ts";
import { Clock } from "./clock.svelte.ts";
import { Connection } from "./connection.svelte.ts";
import { Me } from "./me.svelte.ts";
import { Offers } from "./offers.svelte.ts";
import { Presence } from "./presence.svelte.ts";
import { Settings } from "./settings.svelte.ts";
import { Tabs } from "./tabs.svelte.ts";

const noon = Date.parse(time(0));

beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => vi.useRealTimers());

describe("me", () => {
  test("is who the server says, with what the policy lets him ask for", async () => {
    const me = new Me(answering(() => ({ ...person("agt_1", { name: "Ida" }), permissions: ["note.add"] })));
    await me.read();
    expect([me.id, me.name, me.capacity]).toEqual(["agt_1", "Ida", 4]);
    expect([me.may("note.add"), me.may("session.force")]).toEqual([true, false]);
    me.forget();
    expect([me.id, me.may("note.add")]).toEqual(["", false]);
  });

  test("takes rows of his own that are not older", async () => {
    const me = new Me(answering(() => ({ ...person("agt_1", { rev: 5 }), permissions: [] })));
    await me.read();
    me.put(person("agt_2", { rev: 9, load: 3 }));
    me.put(person("agt_1", { rev: 4, load: 3 }));
    expect(me.load).toBe(0);
    me.put(person("agt_1", { rev: 6, load: 2 }));
    expect(me.load).toBe(2);
  });

  test("shows a change at once, and takes it back when it is refused", async () => {
    let refuse = false;
    const me = new Me(
      answering((method) => {
        if (method === "GET") return { ...person("agt_1"), permissions: [] };
        return refuse ? new Problem(409, "conflict", "") : person("agt_1", { status: "away", rev: 2 });
      }),
    );
    await me.read();
    const away = me.setStatus("away");
    expect(me.status).toBe("away");
    await away;
    refuse = true;
    const full = me.setCapacity(99);
    expect(me.capacity).toBe(99);
    await expect(full).rejects.toMatchObject({ code: "conflict" });
    expect([me.capacity, me.status]).toEqual([4, "away"]);
  });
});

describe("presence", () => {
  test("has agents and queues by name, the newest row of each", () => {
    const presence = new Presence(new Clock(), () => "agt_1");
    presence.putAgent(person("agt_1", { name: "Ida", rev: 2 }));
    presence.putAgent(person("agt_2", { name: "Ann" }));
    presence.putAgent(person("agt_1", { name: "Old", rev: 1 }));
    expect(presence.agents.map((a) => a.name)).toEqual(["Ann", "Ida"]);
  });

  test("shows the others who look at a chat", () => {
    const presence = new Presence(new Clock(), () => "agt_1");
    presence.putViewers("ses_1", [
      { id: "agt_1", name: "Ida" },
      { id: "agt_2", name: "Ann" },
    ]);
    expect(presence.viewers("ses_1").map((who) => who.name)).toEqual(["Ann"]);
  });

  test("says since when the customer is gone, but not while he turns a page, and not after he wrote again", () => {
    const clock = new Clock();
    const presence = new Presence(clock, () => "agt_1");
    const since = clock.now;
    const hana = session("ses_1");
    presence.putCustomer("ses_1", since);
    expect(presence.left(hana)).toBeNull();
    clock.now = since + 10_000;
    expect(presence.left(hana)).toBe(since);
    expect(presence.left(session("ses_2"))).toBeNull();
    const wrote = { text: "Hello", role: "customer", at: new Date(since + 1).toISOString() } as const;
    expect(presence.left({ ...hana, last: wrote })).toBeNull();
    presence.putCustomer("ses_1", null);
    expect(presence.left(hana)).toBeNull();
    presence.putCustomer("ses_1", since);
    presence.forgetCustomers();
    expect(presence.left(hana)).toBeNull();
  });

  test("shows who types until he has sent it, or for four seconds", () => {
    const clock = new Clock();
    clock.start();
    const presence = new Presence(clock, () => "agt_1");
    const hana = { role: "customer", id: "cus_1", name: "Hana" } as const;
    presence.types("ses_1", hana);
    presence.types("ses_1", { role: "agent", id: "agt_2" });
    presence.types("ses_1", hana);
    expect(presence.typing("ses_1")).toHaveLength(2);
    presence.said("ses_1", hana);
    expect(presence.typing("ses_1").map((who) => who.id)).toEqual(["agt_2"]);
    vi.advanceTimersByTime(5_000);
    expect(presence.typing("ses_1")).toEqual([]);
    clock.stop();
  });
});

describe("an offer", () => {
  const offered = (id: string, seconds: number, agent = "agt_1") =>
    session(id, { status: "pending", offer: { agent: { id: agent, name: "" }, expires_at: time(seconds) } });

  test("to me rings until it is answered, runs out, or goes to somebody else", () => {
    const clock = new Clock();
    clock.start();
    const acts = { accept: vi.fn(async () => undefined), decline: vi.fn(async () => undefined) };
    const offers = new Offers(clock, () => "agt_1", acts);
    offers.row(offered("b", 30), undefined);
    offers.row(offered("a", 10), undefined);
    offers.row(offered("c", 10, "agt_2"), undefined);
    expect(offers.list.map((o) => [o.session.id, o.seconds])).toEqual([
      ["a", 10],
      ["b", 30],
    ]);
    vi.advanceTimersByTime(11_000);
    expect(offers.list.map((o) => [o.session.id, o.seconds])).toEqual([["b", 19]]);
    offers.row(held("b", "agt_2"), offered("b", 30));
    expect(offers.ringing).toBe(false);
    clock.stop();
  });

  test("of a session that may not be read any more is gone", () => {
    const offers = new Offers(new Clock(), () => "agt_1", {
      accept: async () => undefined,
      decline: async () => undefined,
    });
    offers.row(offered("a", 30), undefined);
    offers.row(undefined, offered("a", 30));
    expect(offers.ringing).toBe(false);
  });
});

describe("the strip of open chats", () => {
  const opened = (...ids: string[]) => {
    const stores = [memoryStore(), memoryStore()] as const;
    const tabs = new Tabs(...stores);
    tabs.restore("agt_1");
    for (const id of ids) tabs.open(id);
    return { tabs, stores };
  };

  test("has chats in the order opened, each once", () => {
    const { tabs } = opened("a", "b", "c", "a");
    expect([tabs.ids, tabs.current]).toEqual([["a", "b", "c"], "a"]);
    tabs.add("d");
    expect(tabs.current).toBe("a");
  });

  test("is walked through in a circle, and by number", () => {
    const { tabs } = opened("a", "b", "c");
    tabs.next();
    expect(tabs.current).toBe("a");
    tabs.previous();
    expect(tabs.current).toBe("c");
    expect([tabs.nth(2), tabs.current, tabs.nth(9)]).toEqual([true, "b", false]);
    tabs.select(null);
    tabs.previous();
    expect(tabs.current).toBe("c");
  });

  test("turns to a neighbour when the open one is closed", () => {
    const { tabs } = opened("a", "b", "c");
    tabs.select("b");
    tabs.close("b");
    expect(tabs.current).toBe("c");
    tabs.close("c");
    tabs.close("a");
    expect([tabs.current, tabs.ids]).toEqual([null, []]);
  });

  test("swaps the two halves when the second is turned to", () => {
    const { tabs } = opened("a", "b");
    tabs.split = "a";
    tabs.select("a");
    expect([tabs.current, tabs.split]).toEqual(["a", "b"]);
  });

  test("is there after a reload, and of one person", () => {
    const { stores } = opened("a", "b");
    const again = new Tabs(...stores);
    again.restore("agt_1");
    expect([again.ids, again.current]).toEqual([["a", "b"], "b"]);
    again.restore("agt_2");
    expect(again.ids).toEqual([]);
  });
});

describe("the banner", () => {
  const socket = { wake: vi.fn(), build: "b1", retryAt: null as number | null };
  const make = () => new Connection(socket, () => 3);

  test("says nothing of a connection that is back within a second", () => {
    const c = make();
    c.changed("online");
    c.changed("offline");
    expect(c.banner).toBeNull();
    vi.advanceTimersByTime(900);
    c.changed("online");
    vi.advanceTimersByTime(5_000);
    expect(c.banner).toBeNull();
  });

  test("says how many messages wait, and when the next attempt is made", () => {
    const c = make();
    c.changed("online");
    socket.retryAt = noon + 4_000;
    c.changed("offline");
    vi.advanceTimersByTime(1_100);
    expect(c.banner).toEqual({ kind: "offline", waiting: 3, retryAt: noon + 4_000 });
    expect(c.since).toBe(noon);
    c.changed("connecting");
    expect(c.banner).toMatchObject({ kind: "connecting" });
    c.changed("online");
    expect(c.banner).toBeNull();
  });

  test("says that there is a new version when the server comes back as another build", () => {
    const c = make();
    c.changed("online");
    c.changed("online");
    expect(c.banner).toBeNull();
    socket.build = "b2";
    c.changed("online");
    expect(c.banner).toEqual({ kind: "version" });
    socket.build = "b1";
  });

  test("says that the browser keeps sounds silent", () => {
    const c = make();
    c.soundBlocked = true;
    expect(c.banner).toEqual({ kind: "sound" });
  });
});

test("settings are kept for each person, and read again", () => {
  const store = memoryStore();
  const one = new Settings(store);
  one.open("agt_1");
  one.theme = "dark";
  one.sounds.late = false;
  one.folded = { tags: true };
  flushSync();
  one.close();
  one.theme = "light";
  flushSync();
  const again = new Settings(store);
  again.open("agt_1");
  expect([again.theme, again.sounds.late, again.folded.tags, again.density]).toEqual([
    "dark",
    false,
    true,
    "comfortable",
  ]);
  again.open("agt_2");
  expect([again.theme, again.sounds.late]).toEqual(["system", true]);
});
