import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toasts } from "./toasts.svelte.ts";

const texts = () => toasts.list.map((toast) => toast.text);

describe("toasts", () => {
  beforeEach(() => void vi.useFakeTimers());

  afterEach(() => {
    for (const { id } of toasts.list) toasts.close(id);
    vi.useRealTimers();
  });

  it("pass by themselves after six seconds", () => {
    toasts.say("Chat ended");
    vi.advanceTimersByTime(5999);
    expect(texts()).toEqual(["Chat ended"]);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual([]);
  });

  it("are two at most, and news make room before errors", () => {
    toasts.fail("Not sent");
    toasts.say("first");
    toasts.say("second");
    expect(texts()).toEqual(["Not sent", "second"]);
  });

  it("stay until they are closed when they tell of an error", () => {
    const close = toasts.fail("Not sent");
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(["Not sent"]);
    close();
    expect(texts()).toEqual([]);
  });

  it("wait while somebody reads them", () => {
    toasts.say("Chat ended");
    vi.advanceTimersByTime(4000);
    toasts.pause();
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(["Chat ended"]);
    toasts.resume();
    vi.advanceTimersByTime(2000);
    expect(texts()).toEqual([]);
  });
});
