import { expect, test, vi } from "vitest";
import type { AgentStatus } from "../../shared/protocol.ts";
import { memoryStore } from "../../shared/storage.ts";
import { Idle } from "./idle.svelte.ts";

const minute = 60_000;

/** Tabs of one person, who becomes away after ten minutes. */
function person(status: AgentStatus = "available", minutes = 10) {
  let now = 1_000_000;
  const me = {
    id: "agt_1",
    status,
    setStatus: vi.fn((to: AgentStatus) => {
      me.status = to;
      return Promise.resolve();
    }),
  };
  const store = memoryStore();
  const tab = () => {
    const idle = new Idle({ store, me, minutes: () => minutes, now: () => now });
    idle.touch();
    return idle;
  };
  const pass = (ms: number, ...tabs: Idle[]) => {
    for (const end = now + ms; now < end;) {
      now += 1000;
      for (const one of tabs) one.tick();
    }
  };
  return { me, tab, pass };
}

test("who does nothing is asked, and is away half a minute later", () => {
  const { me, tab, pass } = person();
  const one = tab();
  pass(10 * minute - 1000, one);
  expect(one.seconds).toBeNull();
  pass(1000, one);
  expect(one.seconds).toBe(30);
  pass(29_000, one);
  expect(one.seconds).toBe(1);
  expect(me.setStatus).not.toHaveBeenCalled();
  pass(1000, one);
  expect(me.setStatus).toHaveBeenCalledExactlyOnceWith("away");
  expect(one.seconds).toBeNull();
  pass(minute, one);
  expect(me.setStatus).toHaveBeenCalledOnce();
});

test("a touch is an answer, in whichever tab", () => {
  const { me, tab, pass } = person();
  const [one, other] = [tab(), tab()];
  pass(10 * minute + 5000, one, other);
  expect([one.seconds, other.seconds]).toEqual([25, 25]);
  other.touch();
  expect(other.seconds).toBe(25);
  pass(1000, one, other);
  expect([one.seconds, other.seconds]).toEqual([null, null]);
  pass(9 * minute, one, other);
  expect(me.setStatus).not.toHaveBeenCalled();
});

test("the answer takes the question away at once", () => {
  const { tab, pass } = person();
  const one = tab();
  pass(10 * minute, one);
  one.here();
  expect(one.seconds).toBeNull();
});

test("who is back after a sleep of his computer is away without a question", () => {
  const { me, tab, pass } = person();
  const one = tab();
  pass(60 * minute);
  one.tick();
  expect(me.status).toBe("away");
});

test("nobody is asked who takes no chats or does not want it, and time counts from when he takes them", () => {
  const absent = person("away");
  const one = absent.tab();
  absent.pass(20 * minute, one);
  absent.me.status = "available";
  absent.pass(minute, one);
  expect(one.seconds).toBeNull();
  absent.pass(9 * minute, one);
  expect(one.seconds).not.toBeNull();

  const never = person("available", 0);
  const two = never.tab();
  never.pass(600 * minute, two);
  expect([two.seconds, never.me.status]).toEqual([null, "available"]);
});

test("a status that did not get through is tried again", async () => {
  const { me, tab, pass } = person();
  me.setStatus.mockImplementationOnce(() => Promise.reject(new Error("offline")));
  const one = tab();
  pass(10 * minute + 30_000, one);
  await Promise.resolve();
  pass(1000, one);
  expect(me.status).toBe("away");
});
