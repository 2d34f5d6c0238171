// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { read, write } from "./store.ts";

const key = "baton:https://chat.example";
const chat = { token: "hv_1", customer: "cus_1", live: true };

beforeEach(() => localStorage.clear());

describe("what a visitor leaves on the page", () => {
  test("is read as it was written", () => {
    expect(write(key, { chat, open: true })).toBe(true);
    expect(read(key)).toEqual({ chat, open: true });
  });

  test("is nothing before there is a chat, and nothing when there is none any more", () => {
    write(key, { open: true });
    expect(localStorage.length).toBe(0);
    write(key, { chat });
    write(key, { chat: null });
    expect(localStorage.length).toBe(0);
  });

  test("is nothing when somebody else wrote there", () => {
    localStorage.setItem(key, "{not json");
    expect(read(key)).toEqual({});
    localStorage.setItem(key, "null");
    expect(read(key)).toEqual({});
  });

  test("ends with the page where storage is blocked", () => {
    vi.stubGlobal("localStorage", undefined);
    expect(write(key, { chat })).toBe(false);
    expect(read(key)).toEqual({});
    vi.unstubAllGlobals();
  });
});
