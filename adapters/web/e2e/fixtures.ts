// What every test is given: the real program with a team of its own, and windows on it. A test fails when a window of
// it reports an error, breaks a policy or gets an answer of 500, and when the server logs a fault.
import { expect, test as base, type BrowserContext, type BrowserContextOptions } from "@playwright/test";
import { Calls, type Row } from "./calls.ts";
import { Desk } from "./pages/desk.ts";
import { Shop, Tarn } from "./pages/shop.ts";
import { Host, withWidget } from "./host.ts";
import { cookie, newFolder, removeFolder, Team, type Name } from "./team.ts";
import { Running, Server, type Options } from "./server.ts";
import { Watch } from "./watch.ts";

interface OfATest {
  /** Options of the server; timers are set to seconds. Change it by `test.use`. */
  options: Options;
  /** Whose pages may show the widget: all of this machine, as by default, or those of `host` only. */
  origins: "loopback" | "host";
  /** Faults that a test makes the server log: scripts that go wrong. */
  faults: RegExp[];
  /** Whether there is a team; without one the server waits to be set up. */
  staffed: boolean;
  server: Server;
  /** A page on another site, which may show the widget. */
  host: Host;
  /** Pages that nobody has allowed anything. */
  foreign: Host;
  watch: Watch;
  /** The bot of the shop. */
  bot: Calls;
  /** A person of the team as a program. */
  as: (name: Name) => Calls;
  /** Another command of the program that goes on beside the server, with the same data, until the test is over. */
  beside: (args: string[]) => Running;
  /** A new browser, of nobody. */
  browse: (who: string, options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** A person of the team at the inbox, signed in, with the given status. */
  desk: (name: Name, options?: BrowserContextOptions & { status?: string; path?: string }) => Promise<Desk>;
  /** A customer at a page with the widget. */
  shop: (options?: BrowserContextOptions & { attributes?: string; path?: string }) => Promise<Shop>;
  /** Ida and a customer in a chat that she has taken, both looking at it. */
  talk: (words?: string) => Promise<{ ida: Desk; hana: Shop; session: string }>;
  /** A customer at the example shop, which has a bot. */
  tarn: (options?: BrowserContextOptions) => Promise<Tarn>;
}

export const test = base.extend<OfATest, { team: Team }>({
  options: [{}, { option: true }],
  origins: ["loopback", { option: true }],
  faults: [[], { option: true }],
  staffed: [true, { option: true }],

  team: [
    async ({}, use) => {
      const team = await Team.make();
      await use(team);
      await team.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  host: async ({}, use) => {
    const host = await Host.start();
    await use(host);
    await host.end();
  },

  foreign: async ({}, use) => {
    const foreign = await Host.start();
    await use(foreign);
    await foreign.end();
  },

  server: async ({ team, host, options, origins, faults, staffed }, use, info) => {
    const closed = { "widget.origins": `${host.origin},${host.neighbour}` };
    const all = origins === "host" ? { ...closed, ...options } : options;
    const server = staffed ? await team.serve(all) : await Server.start(await newFolder(), all);
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log.join("\n") });
    await server.end();
    await removeFolder(server.folder);
    base
      .expect(
        server.log.filter((line) => line.includes("level=ERROR") && !faults.some((one) => one.test(line))),
        "faults that the server logged",
      )
      .toEqual([]);
  },

  watch: async ({}, use, info) => {
    const watch = new Watch();
    await use(watch);
    if (info.status === info.expectedStatus) watch.check();
  },

  bot: async ({ server, team }, use) => use(new Calls(server.url, team.key)),

  as: async ({ server, team }, use) => use((name) => new Calls(server.url, team.people[name].token)),

  beside: async ({ server }, use) => {
    const all: Running[] = [];
    await use((args) => {
      all.push(Running.start(args, server.folder));
      return all.at(-1)!;
    });
    await Promise.all(all.map((one) => one.end()));
  },

  // Windows must be gone before what they are connected to, so they come after it.
  browse: async ({ browser, watch, server: _, beside: __ }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      watch.look(context, who);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  desk: async ({ browse, server, team, as }, use) =>
    use(async (name, { status = "available", path = "/app/", ...options } = {}) => {
      const context = await browse(name, options);
      await context.addCookies([cookie(team.people[name], server.url)]);
      await as(name).put("/v1/me", { status });
      return Desk.open(await context.newPage(), server.url + path);
    }),

  shop: async ({ browse, server, host }, use) =>
    use(async ({ attributes, path = "/", ...options } = {}) => {
      host.put(path, withWidget(server.url, attributes));
      host.put("/second", withWidget(server.url, attributes));
      const context = await browse("customer", options);
      return Shop.open(await context.newPage(), host.origin + path);
    }),

  talk: async ({ desk, shop, as }, use) =>
    use(async (words = "The tent has a hole") => {
      const hana = await shop();
      await hana.ask(words);
      const { data } = await as("ida").get<{ data: Row[] }>("/v1/sessions?status=waiting,pending");
      const session = data.find(({ subject }) => subject === words)!.id;
      await as("ida").post(`/v1/sessions/${session}/takeover`);
      const ida = await desk("ida", { status: "away", path: `/app/chats/${session}` });
      await expect(ida.composer).toBeVisible();
      await expect(hana.thread).toContainText("Ida joined");
      return { ida, hana, session };
    }),

  tarn: async ({ browse, beside, server, team }, use) =>
    use(async (options) => {
      const args = ["shop", "--server", server.url, "--addr", "localhost:0", "--key", team.key];
      const address = await beside(args).find(/^the shop is at (\S+)/);
      return Tarn.open(await (await browse("customer", options)).newPage(), address);
    }),
});

export { expect } from "@playwright/test";
