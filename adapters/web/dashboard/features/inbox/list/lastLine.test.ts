import { expect, test } from "vitest";
import type { Session } from "../../../../shared/protocol.ts";
import { session, time } from "../../../../shared/testing/rows.ts";
import { lastLine } from "./lastLine.ts";

const around = { me: "agt_1", typing: false, draft: "" };
const line = (more: Partial<Session>) => lastLine(session("ses_1", more), around);
const goodbye = { text: "I am getting a colleague", role: "bot", at: time(1) } as const;

test("a chat that a bot handed over shows what the customer wants, and not how the bot took its leave", () => {
  expect(line({ last: goodbye, summary: "Order 48213 found" })).toEqual({
    kind: "text",
    by: "",
    text: "Order 48213 found",
  });
  expect(line({ last: goodbye, reason: { text: "Asked for a person" } }).text).toBe("Asked for a person");
  expect(line({ last: goodbye, subject: "" })).toMatchObject({ by: "Bot:", text: "I am getting a colleague" });
});

test("a chat that is kept shows what the customer wants, and not what the desk told him", () => {
  const told = { text: "We are back tomorrow", role: "system", at: time(1) } as const;
  expect(line({ last: told, subject: "Tent" }).text).toBe("Tent");
});

test("what the customer said last is shown also in the queue", () => {
  const last = { text: "Hello?", role: "customer", at: time(2) } as const;
  expect(line({ last, summary: "Order 48213 found" })).toEqual({ kind: "text", by: "", text: "Hello?" });
});

test("typing comes before a draft, and a draft before what was said", () => {
  const hana = session("ses_1", { last: goodbye });
  expect(lastLine(hana, { ...around, typing: true, draft: "x" }).kind).toBe("typing");
  expect(lastLine(hana, { ...around, draft: " x " })).toEqual({ kind: "draft", by: "Draft:", text: "x" });
});
