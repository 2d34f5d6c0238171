import { chromium as driver } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";
import { launch } from "../../e2e/chromium.mjs";

/** The end-to-end tests know how to start the program and to make its people. */
async function fromTests(name) {
  const path = fileURLToPath(new URL(`../../e2e/${name}.ts`, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: "error" })).module;
}

const { Team, cookie, removeFolder } = await fromTests("team");
const { Calls, handoff } = await fromTests("calls");
const { Host, withWidget } = await fromTests("host");

/** Limits on floods, which a measurement is meant to go over. Nothing else is changed. */
const raised = {
  "limits.calls": "1000000",
  "limits.calls_burst": "1000000",
  "limits.customer_messages": "1000000",
  "limits.customer_burst": "1000000",
  "limits.visitors": "1000000",
};

const callers = 16;
const names = ["Hana Sato", "Lena Vogt", "Omar Haddad", "Ingrid Dahl", "Paulo Reis", "Mei Tanaka", "Ada Kowalska"];

/** Bench is a server with a team, a browser, and a page of somebody else that shows the widget. */
export class Bench {
  /** The chats that were made, oldest first. */
  sessions = [];

  constructor(team, server, browser, host) {
    Object.assign(this, { team, server, browser, host });
    this.bot = new Calls(server.url, team.key);
  }

  static async open() {
    const team = await Team.make();
    const server = await team.serve(raised);
    const host = await Host.start();
    host.put("/", withWidget(server.url));
    return new Bench(team, server, await driver.launch(launch()), host);
  }

  as(name) {
    return new Calls(this.server.url, this.team.people[name].token);
  }

  /** fill makes chats that wait in the queue. */
  async fill(count) {
    let left = count;
    const caller = async () => {
      while (left-- > 0) {
        const n = this.sessions.length + left;
        const customer = { external_id: crypto.randomUUID(), name: `${names[n % names.length]} ${n}` };
        const { id } = await this.bot.post("/v1/handoffs", handoff({ customer, subject: `Order ${48000 + n}` }));
        this.sessions.push(id);
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  /** storm has the bot write into one chat after the other, until it is ended. */
  storm(rate) {
    return new Storm(this.bot, this.sessions, rate);
  }

  /** window opens a window of nobody, or of somebody of the team. */
  async window(name) {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 } });
    if (name) await context.addCookies([cookie(this.team.people[name], this.server.url)]);
    const page = await context.newPage();
    return { page, cdp: await context.newCDPSession(page), close: () => context.close() };
  }

  async close() {
    await this.browser.close();
    await this.host.end();
    await this.server.end();
    await removeFolder(this.server.folder);
    await this.team.remove();
  }
}

/** slowDown makes a window's processor as many times slower. */
export const slowDown = ({ cdp }, rate) => cdp.send("Emulation.setCPUThrottlingRate", { rate });

class Storm {
  #began = performance.now();
  #sent = 0;
  #taken = 0;
  #open = new Set();
  #failed;
  #timer;

  constructor(bot, sessions, rate) {
    const send = () => {
      const session = sessions[(this.#sent++ * 7919) % sessions.length];
      const call = bot.say(session, `The carrier has answered, part ${this.#sent}`).then(
        () => this.#taken++,
        (error) => (this.#failed ??= error),
      );
      this.#open.add(call);
      void call.finally(() => this.#open.delete(call));
    };
    const due = () => ((performance.now() - this.#began) * rate) / 1000;
    this.#timer = setInterval(() => {
      while (this.#sent < due()) send();
    }, 10);
  }

  /** end gives how many messages a second the server has taken. */
  async end() {
    clearInterval(this.#timer);
    const seconds = (performance.now() - this.#began) / 1000;
    await Promise.all(this.#open);
    if (this.#failed) throw this.#failed;
    return this.#taken / seconds;
  }
}
