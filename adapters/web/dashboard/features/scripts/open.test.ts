import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../../shared/api.ts";
import { memoryStore } from "../../../shared/storage.ts";
import type { Calls, Script, ScriptDraft, Version } from "./calls.ts";
import { OpenScript } from "./open.svelte.ts";

/** A server that keeps one script. */
class Server {
  live = "live";
  hash = "1";
  draft: ScriptDraft = { source: "", rev: 0, by: "", at: null };
  versions: Version[] = [];
  fails: Problem | null = null;
  saved: string[] = [];

  readonly calls: Calls = {
    read: async () => this.script(),
    versions: async () => [...this.versions],
    check: async () => [],
    saveDraft: async (_, source, rev) => {
      if (this.fails) throw this.fails;
      if (rev !== this.draft.rev) throw new Problem(409, "conflict", "somebody else saved");
      this.saved.push(source);
      return (this.draft = { source, rev: rev + 1, by: "Me", at: null });
    },
    publish: async (_, source, reason) => {
      this.live = source;
      if (this.draft.source === source) this.draft = { ...this.draft, source: "", rev: this.draft.rev + 1 };
      return this.version(reason);
    },
    rollBack: async (_, number, reason) => {
      this.live = this.versions.find((one) => one.version === number)!.source;
      return this.version(reason);
    },
  };

  /** Somebody else saves. */
  other(source: string): void {
    this.draft = { source, rev: this.draft.rev + 1, by: "Olga", at: null };
  }

  private version(reason: string): Version {
    const version = { version: this.versions.length + 1, reason, source: this.live } as Version;
    this.versions.unshift(version);
    this.hash = `h${version.version}`;
    return version;
  }

  private script(): Script {
    const { source } = this.draft;
    return { name: "vip", source: this.live, hash: this.hash, draft: this.draft, has_draft: source !== "" } as Script;
  }
}

async function opened(server = new Server(), store = memoryStore()) {
  const open = new OpenScript("vip", server.calls, store, true);
  await open.load();
  return { server, open, store };
}

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("the draft of a script", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is saved by itself a second after the last key", async () => {
    const { server, open } = await opened();
    open.change("a");
    await passed(900);
    open.change("ab");
    await passed(900);
    expect(server.saved).toEqual([]);
    expect(open.saving).toBe("changed");
    await passed(100);
    expect(server.saved).toEqual(["ab"]);
    expect(open.saving).toBe("saved");
  });

  it("is none when it says what is in force, and an empty text is one", async () => {
    const { server, open } = await opened();
    open.change("");
    await open.save();
    open.change("live");
    await open.save();
    expect(server.saved).toEqual(["\n", ""]);
    expect(open.isDraft).toBe(false);
  });

  it("is kept in the browser while the server does not answer, and goes out later", async () => {
    const { server, open, store } = await opened();
    server.fails = new Problem(0, "offline", "");
    open.change("mine");
    await passed(1_000);
    expect(open.saving).toBe("offline");
    open.close();

    server.fails = null;
    const { open: again } = await opened(server, store);
    expect(again.text).toBe("mine");
    await passed(0);
    expect(server.saved).toEqual(["mine"]);
    expect(store.keys()).toEqual([]);
  });

  it("is not put over what somebody else saved before the person has chosen", async () => {
    const { server, open } = await opened();
    server.other("theirs");
    open.change("mine");
    await passed(1_000);
    expect(open.saving).toBe("conflict");
    expect(open.theirs?.source).toBe("theirs");
    open.change("mine!");
    await passed(5_000);
    expect(server.draft.source).toBe("theirs");

    await open.keepMine();
    expect(server.draft.source).toBe("mine!");
    expect(open.saving).toBe("saved");
  });

  it("is given up for that of somebody else", async () => {
    const { server, open } = await opened();
    open.change("mine");
    await open.save();
    server.other("theirs");
    await open.refresh();
    expect(open.saving).toBe("conflict");
    const { given } = open;
    open.takeTheirs();
    expect([open.text, open.saving, open.given - given]).toEqual(["theirs", "saved", 1]);
    open.change("theirs too");
    await open.save();
    expect(server.draft.source).toBe("theirs too");
  });

  it("follows what others do while nothing was written here", async () => {
    const { server, open } = await opened();
    server.other("theirs");
    await open.refresh();
    expect([open.text, open.saving]).toEqual(["theirs", "saved"]);
  });

  it("is done with when it is published", async () => {
    const { server, open } = await opened();
    open.change("two");
    await open.publish("because");
    expect(server.live).toBe("two");
    expect([open.isDraft, open.saving, open.next]).toEqual([false, "saved", 2]);
    open.change("three");
    await passed(1_000);
    expect(open.saving).toBe("saved");
  });

  it("stays when an earlier version comes back", async () => {
    const { open } = await opened();
    open.change("one");
    await open.publish("first");
    open.change("two");
    await open.publish("second");
    open.change("three");
    await open.save();
    await open.rollBack(1, "");
    expect([open.live, open.text, open.isDraft]).toEqual(["one", "three", true]);
  });

  it("is thrown away", async () => {
    const { server, open } = await opened();
    open.change("mine");
    await open.save();
    await open.throwAway();
    expect([server.draft.source, open.text, open.isDraft]).toEqual(["", "live", false]);
  });

  it("that is too large says so and is not sent again and again", async () => {
    const { server, open } = await opened();
    server.fails = new Problem(422, "invalid", "a script has at most 65536 bytes");
    open.change("x");
    await passed(10_000);
    expect(open.saving).toBe("refused");
    expect(open.refusal?.detail).toContain("65536");
  });

  it("is sent at once when the page goes away", async () => {
    const { server, open } = await opened();
    open.change("mine");
    open.leave();
    await passed(0);
    expect(server.saved).toEqual(["mine"]);
  });
});
