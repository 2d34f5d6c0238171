import { expect, test } from "vitest";
import { handover, moodOf } from "./seam.ts";

test("the seam tells why, what is wanted and what was tried", () => {
  const told = handover({
    channel: "web",
    reason: { code: "customer_request", text: "Asked for a person after 2 replies" },
    summary: "Order 48213 found",
    tried: ["Delivery status", "neighbour check"],
    intent: { name: "missing_parcel", score: 0.911 },
    sentiment: -0.62,
  });
  expect(told).toMatchObject({
    why: "Asked for a person after 2 replies",
    wants: "Order 48213 found",
    tried: "Delivery status, neighbour check",
    mood: "Frustrated",
    intent: { name: "missing_parcel", score: "0.91" },
  });
});

test("a reason without words is told by its code", () => {
  expect(handover({ channel: "web", reason: { code: "low_confidence" } }).why).toBe("The bot was not sure");
  expect(handover({ channel: "web", reason: { code: "house_rule" } }).why).toBe("");
});

test("only what can be read at a glance is a fact", () => {
  const context = { order_id: 48213, intent: "twice", basket: { items: 2 }, story: "x".repeat(200), vip: true };
  expect(handover({ channel: "web", context }).facts).toEqual([
    { name: "Order id", value: "48213" },
    { name: "Vip", value: "true" },
  ]);
  expect(handover({ channel: "web", context: ["a", "list"] }).facts).toEqual([]);
});

test("a mood in the middle is none", () => {
  expect([moodOf(0), moodOf(null), moodOf(undefined)]).toEqual([null, null, null]);
  expect([moodOf(-0.3), moodOf(0.3), moodOf(0.9)]).toEqual(["Unhappy", "Content", "Happy"]);
});
