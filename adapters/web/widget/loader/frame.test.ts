// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeFrame } from "./frame.ts";
import type { ToLoader, Welcome } from "./wire.ts";

const server = "https://chat.example";
const kept = { token: "hv_1", customer: "cus_1", live: true };

/** A frame in the page, whose window hears instead of the chat. */
function open() {
  const heard: ToLoader[] = [];
  const refused = vi.fn();
  const welcome = async () => ({ kept }) as unknown as Omit<Welcome, "baton">;
  const frame = makeFrame(server, "Chat", welcome, (m) => heard.push(m), refused);
  const inner = { postMessage: vi.fn() } as unknown as Window;
  Object.defineProperty(frame.element, "contentWindow", { value: inner });
  const baton = new URL(frame.element.src).hash.slice(1).split("&")[0]!;
  const knock = async (data: unknown, source: unknown = inner, from = server) => {
    const e = new MessageEvent("message", { data, origin: from });
    Object.defineProperty(e, "source", { value: source });
    window.dispatchEvent(e);
    await new Promise((resolve) => setImmediate(resolve));
    return (inner.postMessage as unknown as ReturnType<typeof vi.fn>).mock.calls;
  };
  return { frame, baton, knock, refused, heard };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("origin", "https://shop.example");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the chat gets its channel", () => {
  test("when it knocks from its frame, its origin and with the nonce", async () => {
    const { baton, knock, frame } = open();
    const calls = await knock({ baton });
    expect(calls.length).toBe(1);
    const [word, target, [port]] = calls[0] as [Welcome, string, [MessagePort]];
    expect(word).toEqual({ kept, baton });
    expect(target).toBe(server);
    expect(typeof port.postMessage).toBe("function");
    frame.remove();
  });

  test.each([
    ["another window", (k: Knock, baton: string) => k({ baton }, window)],
    ["another origin", (k: Knock, baton: string) => k({ baton }, undefined, "https://evil.example")],
    ["another nonce", (k: Knock) => k({ baton: "1" })],
    ["no nonce at all", (k: Knock) => k(null)],
  ])("but not %s", async (_, from) => {
    const { baton, knock, frame } = open();
    expect(await from(knock, baton)).toHaveLength(0);
    frame.remove();
  });

  test("and not after the frame was taken away", async () => {
    const { baton, knock, frame } = open();
    frame.remove();
    expect(await knock({ baton })).toHaveLength(0);
  });
});

test("a page in the frame that never knocks is not the chat", async () => {
  const { frame, refused } = open();
  frame.element.onload!(new Event("load"));
  vi.advanceTimersByTime(2999);
  expect(refused).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(refused).toHaveBeenCalledOnce();
  frame.remove();
});

type Knock = ReturnType<typeof open>["knock"];
