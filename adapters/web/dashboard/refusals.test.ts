import { afterAll, beforeAll, describe, expect, test } from "vitest";
import dashboard from "virtual:messages/dashboard";
import { Problem } from "../shared/api.ts";
import { speak } from "../shared/i18n.ts";
import { explainField, refusalOf, worded } from "./refusals.ts";

const kinds = [
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "not_owner",
  "session_ended",
  "invalid",
  "too_large",
  "unsupported_type",
  "too_many",
  "busy",
  "storage_full",
];

describe("a refusal in English", () => {
  test("is what the server says, as a sentence", () => {
    const refusal = refusalOf(new Problem(409, "conflict", "the agent has no room"));
    expect(refusal).toEqual({ text: "The agent has no room.", more: "" });
  });

  test("is a sentence for its code where the server says nothing", () => {
    expect(refusalOf(new Problem(409, "not_owner", ""))).toEqual({
      text: "You do not have this chat any more.",
      more: "",
    });
  });

  test("says what to do when the server is busy or full, and gives a number for what is the server's own fault", () => {
    expect(refusalOf(new Problem(503, "busy", "")).text).toMatch(/busy/);
    expect(refusalOf(new Problem(507, "storage_full", "there is no room")).text).toBe("There is no room.");
    expect(refusalOf(new Problem(500, "internal", "something broke", [], "req_7")).text).toContain("req_7");
  });
});

describe("a refusal in German", () => {
  const english = dashboard.en!();
  beforeAll(async () => speak("de", (await dashboard.de!()).default));
  afterAll(async () => speak("en", (await english).default));

  test.each(kinds)("has a German sentence for %s", async (code) => {
    const { text } = refusalOf(new Problem(409, code, "some english words"));
    expect(text).not.toMatch(/english|shell\./);
    expect(Object.values((await english).default)).not.toContain(text);
  });

  test("adds what the server says only where it says more", () => {
    expect(refusalOf(new Problem(409, "conflict", "the agent has no room")).more).toBe("The agent has no room.");
    expect(refusalOf(new Problem(409, "not_owner", "you do not have this chat")).more).toBe("");
  });

  test("keeps the server's words for a code that nobody has translated", () => {
    const refusal = refusalOf(new Problem(409, "epoch_passed", "the chat moved on"));
    expect(refusal).toEqual({ text: "Der Server hat das abgelehnt.", more: "The chat moved on." });
  });

  test("is the same for a message that was refused and kept", () => {
    expect(worded({ code: "session_ended", detail: "this chat has ended" })).toEqual({
      text: "Dieser Chat ist beendet.",
      more: "",
    });
  });

  test("says of a field that it was not accepted, and why", () => {
    const problem = new Problem(422, "invalid", "", [{ pointer: "/email", detail: "somebody has this address" }]);
    expect(explainField(problem, "/email")).toBe("Nicht angenommen: Somebody has this address.");
    expect(explainField(problem, "/name")).toBeUndefined();
  });
});
