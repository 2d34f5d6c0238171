import { describe, expect, it } from "vitest";
import { choicesAt, entryAt, placeAt } from "./complete.ts";
import { chainAt, Names, parametersOf, type Entry } from "./names.ts";

const entry = (kind: string, signature: string, doc = ""): Entry => ({
  name: /^[\w.]+/.exec(signature)![0],
  kind,
  signature,
  doc,
  since: "1",
});

const names = new Names([
  entry("hook", "assign(session: Session, agents: Agent[], ctx: Ctx): string|false|nil, string?"),
  entry("hook", "tag(session: Session, message: Message, ctx: Ctx): string[]|nil"),
  entry("hook", "on_event(event: Event, ctx: Ctx)"),
  entry("field", "session.id: string"),
  entry("field", "session.tags: table"),
  entry("field", "session.customer: table"),
  entry("field", "session.customer.name: string?", "How the customer is called."),
  entry("field", "agent.id: string", "What assign gives back."),
  entry("field", "agent.load: number"),
  entry("field", "event.session: table"),
  entry("field", "message.text: string"),
  entry("module", "store"),
  entry("function", "store.get(key: string, default?: any): any"),
  entry("function", "store.del(key: string)"),
  entry("module", "text"),
  entry("function", "text.words(text: string): string[]"),
  entry("standard", "ipairs(list: table): function, table, number"),
  entry("standard", "string"),
  entry("standard", "string.upper(s: string): string"),
  entry("standard", "string.sub(s: string, from: number, to?: number): string"),
]);

const labels = (before: string) => choicesAt(before, names)?.choices.map(({ label }) => label);
const insert = (before: string, label: string) =>
  choicesAt(before, names)?.choices.find((choice) => choice.label === label)?.insert;

describe("what is being written", () => {
  it("is a name, or a member of what stands before the point", () => {
    expect(placeAt("  return ag")).toEqual({ chain: null, typed: "ag" });
    expect(placeAt("  return agents[1].i")).toMatchObject({
      chain: { root: "agents", links: ["index"] },
      separator: ".",
      typed: "i",
    });
    expect(placeAt("session.customer.")).toMatchObject({ chain: { links: [{ field: "customer" }] }, typed: "" });
  });

  it("is nothing in a comment, in a text and in a number", () => {
    expect(placeAt("-- session.")).toBeNull();
    expect(placeAt('log.info("session.')).toBeNull();
    expect(placeAt('log.info("a \\" session.')).toBeNull();
    expect(placeAt("x = 1.")).toBeNull();
    expect(placeAt('log.info("done") -- se')).toBeNull();
  });

  it("is a name after two points, which join texts", () => {
    expect(placeAt('"a" ..se')).toEqual({ chain: null, typed: "se" });
  });
});

describe("an expression", () => {
  it("is read from its end, over indexes and calls", () => {
    expect(chainAt("local x = agents[(ctx.counter - 1) % #agents + 1].id")).toEqual({
      root: "agents",
      links: ["index", { field: "id" }],
    });
    expect(chainAt("text.words(f(a, b))")).toEqual({ root: "text", links: [{ field: "words" }, "call"] });
    expect(chainAt("a.b:lower()")).toEqual({ root: "a", links: [{ field: "b" }, { method: "lower" }, "call"] });
    expect(chainAt('("x")')).toBeNull();
  });
});

describe("completion", () => {
  it("offers the fields of an agent of the list", () => {
    expect(labels("function assign(session, agents)\n  return agents[1].")).toEqual(["id", "load"]);
  });

  it("knows what a hook is given, whatever the script calls it", () => {
    expect(labels("function assign(s, list)\n  return list[1].")).toEqual(["id", "load"]);
    expect(labels("function assign(s, list)\n  return s.")).toEqual(["id", "tags", "customer"]);
    expect(labels("tag = function(s, m)\n  return m.")).toEqual(["text"]);
  });

  it("follows locals and loops", () => {
    const start = "function assign(session, agents)\n";
    expect(labels(`${start}  local a = agents[1]\n  return a.`)).toEqual(["id", "load"]);
    expect(labels(`${start}  for _, a in ipairs(agents) do\n    return a.`)).toEqual(["id", "load"]);
    expect(labels(`${start}  local c = session.customer\n  return c.`)).toEqual(["name"]);
    expect(labels(`${start}  local n = #agents\n  return n.`)).toEqual([]);
    expect(labels("function on_event(event)\n  event.session.")).toEqual(["id", "tags", "customer"]);
  });

  it("forgets what a function of the script's own calls by the same name", () => {
    expect(labels("local function room(session)\n  return session.")).toEqual([]);
  });

  it("offers functions of modules with the arguments that they need", () => {
    expect(labels("store.")).toEqual(["get", "del"]);
    expect(insert("store.", "get")).toBe("get(${key})");
  });

  it("offers methods of texts after a colon, without the text itself", () => {
    expect(labels("message.text:")).toEqual(["upper", "sub"]);
    expect(insert("message.text:", "sub")).toBe("sub(${from})");
    expect(insert("message.text:", "upper")).toBe("upper()");
    expect(labels("agents:")).toEqual([]);
    expect(labels('("a"):u')).toEqual(["upper", "sub"]);
  });

  it("offers the commonest answer as a whole", () => {
    expect(insert("function assign(s, list)\n  return li", "list[1].id")).toBe("list[1].id");
  });

  it("offers hooks where one can be defined, and only there", () => {
    expect(insert("as", "assign")).toContain("function assign(session, agents, ctx)\n");
    expect(insert("function as", "assign")).toMatch(/^assign\(/);
    expect(labels("  as")).not.toContain("assign");
  });
});

describe("what the pointer rests on", () => {
  it("is explained by its entry", () => {
    const text = "function assign(s, agents)\n  return agents[1].id, s.customer.name\nend";
    expect(entryAt(text, text.indexOf("].id") + 3, names)?.entry.doc).toBe("What assign gives back.");
    expect(entryAt(text, text.indexOf("name\n") + 1, names)?.entry.name).toBe("session.customer.name");
    expect(entryAt(text, text.indexOf("assign") + 1, names)?.entry.kind).toBe("hook");
    expect(entryAt(text, text.indexOf("return") + 1, names)).toBeNull();
  });

  it("says of a variable what is in it", () => {
    const text = "function assign(s, agents)\n  return agents";
    expect(entryAt(text, text.length - 2, names)?.entry).toMatchObject({ name: "agent[]", doc: "id, load" });
  });
});

it("a signature names its parameters", () => {
  expect(parametersOf("store.get(key: string, default?: any): any")).toEqual([
    { name: "key", type: "string", optional: false },
    { name: "default", type: "any", optional: true },
  ]);
  expect(parametersOf("time.now(): number")).toEqual([]);
});
