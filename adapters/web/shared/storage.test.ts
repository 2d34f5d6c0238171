import { expect, test } from "vitest";
import { browserStore, readJSON, writeJSON } from "./storage.ts";

/** A Storage of the browser with room for so many characters. */
function storage(room: number): Storage {
  const all: Record<string, string> = {};
  return Object.assign(Object.create({}) as Storage, {
    getItem: (key: string) => all[key] ?? null,
    setItem(key: string, value: string) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      all[key] = value;
    },
    removeItem: (key: string) => Reflect.deleteProperty(all, key),
  });
}

test("what fits is kept by the browser, and what does not by the page", () => {
  const real = storage(10);
  const store = browserStore(() => real);
  expect(store.lasting).toBe(true);
  store.setItem("a", "short");
  store.setItem("b", "much too long for it");
  expect(real.getItem("a")).toBe("short");
  expect(real.getItem("b")).toBeNull();
  expect(store.getItem("b")).toBe("much too long for it");
  store.setItem("b", "fits");
  expect(real.getItem("b")).toBe("fits");
  store.removeItem("b");
  expect(store.getItem("b")).toBeNull();
});

test("a browser that refuses leaves a page that works until it is closed", () => {
  const store = browserStore(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(store.lasting).toBe(false);
  writeJSON(store, "a", { b: 1 });
  expect(readJSON(store, "a")).toEqual({ b: 1 });
  expect(store.keys()).toEqual(["a"]);
});

test("what is no JSON is as if it were not there", () => {
  const store = browserStore(() => storage(99));
  store.setItem("a", "{");
  expect(readJSON(store, "a")).toBeNull();
  expect(readJSON(store, "b")).toBeNull();
});
