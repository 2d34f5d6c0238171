import { describe, expect, test } from "vitest";
import { answering } from "../../shared/testing/answering.ts";
import { session } from "../../shared/testing/rows.ts";
import { fill, gapsIn, QuickReplies, type QuickReply } from "./quickreplies.svelte.ts";

describe("a quick reply", () => {
  const reply = (shortcut: string, more: Partial<QuickReply> = {}): QuickReply => ({
    id: `qr_${shortcut}`,
    scope: "team",
    shortcut,
    title: "",
    text: "",
    language: null,
    queue: null,
    used: 0,
    rev: 1,
    ...more,
  });

  test("is found by shortcut, title and text, in this order", async () => {
    const list = [
      reply("intro", { text: "track your parcel" }),
      reply("where", { title: "Tracking" }),
      reply("tr"),
      reply("track", { used: 9 }),
    ];
    const replies = new QuickReplies(
      answering(() => ({ data: list, next: null })),
      () => "Ida Nyberg",
    );
    await replies.load();
    expect(replies.search("/tr").map((r) => r.shortcut)).toEqual(["tr", "track", "where", "intro"]);
    expect(replies.search("").map((r) => r.shortcut)).toEqual(["track", "intro", "tr", "where"]);
    expect(replies.search("nothing")).toEqual([]);
  });

  test("is filled with what is known of customer, chat and agent", () => {
    const replies = new QuickReplies(
      answering(() => undefined),
      () => "Ida Nyberg",
    );
    const chat = session("a", { context: { order: { id: 48213 } } });
    chat.customer = { ...chat.customer, email: "hana@example.com", attributes: { plan: "gold" } };
    const text = "Hi {{first_name}}, order {{ order.id }} ({{plan}}) goes to {{email}}. {{agent_first_name}}";
    expect(replies.fill(text, chat)).toMatchObject({
      text: "Hi Hana, order 48213 (gold) goes to hana@example.com. Ida",
      missing: [],
    });
  });

  test("leaves what is missing where it can be seen", () => {
    const replies = new QuickReplies(
      answering(() => undefined),
      () => "Ida",
    );
    const filled = replies.fill("Hi {{first_name}}, {{phone}} or {{__proto__}} {{constructor}}?", session("a"));
    expect(filled.missing).toEqual(["phone", "__proto__", "constructor"]);
    expect(filled.text).toBe("Hi Hana, {{phone}} or {{__proto__}} {{constructor}}?");
    expect(filled.parts[1]).toEqual({ text: "Hana" });
    expect(gapsIn(filled.text)[0]).toEqual({ from: 9, to: 18, name: "phone" });
  });

  test("whose value looks like a variable is not filled twice", () => {
    expect(fill("{{a}}", (name) => (name === "a" ? "{{b}}" : "no")).text).toBe("{{b}}");
  });

  test("is made, changed, counted and removed", async () => {
    const asked: string[] = [];
    const api = answering((method, path, body) => {
      asked.push(`${method} ${path}`);
      return method === "DELETE" || path.endsWith("/uses") ? undefined : reply("tr", body as object);
    });
    const replies = new QuickReplies(api, () => "Ida");
    await replies.save({ scope: "team", shortcut: "tr", text: "a" });
    await replies.save({ text: "b" }, "qr_tr");
    expect(replies.list.map((r) => r.text)).toEqual(["b"]);
    await replies.used("qr_tr");
    expect(replies.list[0]!.used).toBe(1);
    await replies.remove("qr_tr");
    expect(replies.list).toEqual([]);
    expect(asked).toEqual([
      "POST /v1/quick-replies",
      "PATCH /v1/quick-replies/qr_tr",
      "POST /v1/quick-replies/qr_tr/uses",
      "DELETE /v1/quick-replies/qr_tr",
    ]);
  });
});
