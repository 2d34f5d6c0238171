import { flushSync } from "svelte";
import { expect, test } from "vitest";
import { Form } from "./form.svelte.ts";

interface Value {
  name: string;
  limit: number;
}

function form(send: (value: Value) => Promise<Value> = async (value) => value, faulty?: () => boolean) {
  return new Form<Value>({ name: "general", limit: 0 }, send, faulty);
}

test("a form counts its changes and forgets them", () => {
  const one = form();
  one.value.name = "sales";
  one.value.limit = 60;
  flushSync();
  expect(one.changes).toBe(2);
  one.discard();
  expect(one.changes).toBe(0);
  expect(one.value.name).toBe("general");
});

test("a form that is saved has what the server made of it, and what was written meanwhile", async () => {
  let answer: (value: Value) => void = () => undefined;
  const one = form(() => new Promise((resolve) => (answer = resolve)));
  one.value.name = " sales ";
  const saving = one.save();
  one.value.limit = 60;
  answer({ name: "sales", limit: 0 });
  expect(await saving).toBe(true);
  expect(one.value).toEqual({ name: "sales", limit: 60 });
  expect(one.changes).toBe(1);
});

test("a form that is refused keeps what was written and why", async () => {
  const why = new Error("no");
  const one = form(() => Promise.reject(why));
  one.value.name = "sales";
  expect(await one.save()).toBe(false);
  expect(one.refusal).toBe(why);
  expect(one.value.name).toBe("sales");
  expect(one.busy).toBe(false);
});

test("a form with something wrong in it is not sent", async () => {
  let sent = 0;
  const one = form(
    async (value) => (sent++, value),
    () => true,
  );
  expect(await one.save()).toBe(false);
  expect(sent).toBe(0);
  expect(one.tried).toBe(true);
});

test("a form follows the server where nothing was written", () => {
  const one = form();
  one.value.name = "sales";
  one.renew({ name: "general", limit: 30 });
  expect(one.value).toEqual({ name: "sales", limit: 30 });
  expect(one.changes).toBe(1);
});
