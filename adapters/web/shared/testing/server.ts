/// <reference types="node" />
// The real server for tests: built from the sources beside us, on a free port, with data of its own.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { WebSocket } from "ws";
import { Api } from "../api.ts";
import { socketCalls } from "../browser.ts";
import type { SocketEnv } from "../socket.ts";

// Tests resolve packages as browsers do, where this one has nothing; by its path it is the one for Node.
const require = createRequire(import.meta.url);
const ws = require(join(dirname(require.resolve("ws/package.json")), "index.js")) as typeof import("ws");

const sources = join(import.meta.dirname, "../../../..");
const password = "correct horse battery";

export class RealServer {
  private process: ChildProcess | null = null;
  private address = "127.0.0.1:0";
  private readonly sockets = new Set<WebSocket>();

  private constructor(
    private readonly binary: string,
    private readonly folder: string,
    private readonly options: Record<string, string>,
  ) {}

  /**
   * start builds and runs a server, or runs the one that BATON_BINARY names. Options are those of its environment, like
   * BATON_OFFERS_EXPIRE_AFTER.
   */
  static async start(options: Record<string, string> = {}): Promise<RealServer> {
    const folder = mkdtempSync(join(tmpdir(), "baton-web-"));
    const binary = process.env.BATON_BINARY ?? join(folder, "baton");
    if (!process.env.BATON_BINARY) execFileSync("go", ["build", "-o", binary, "./cmd/baton"], { cwd: sources });
    const server = new RealServer(binary, folder, options);
    await server.run();
    return server;
  }

  get url(): string {
    return `http://${this.address}`;
  }

  /** addPerson adds somebody of the team and signs him in. */
  async addPerson(name: string, role: string): Promise<Api> {
    const email = `${name.toLowerCase()}@example.com`;
    const words = ["user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"];
    execFileSync(this.binary, words, { ...this.surroundings(), input: `${password}\n` });
    const { token } = await this.api(null).post<{ token: string }>("/v1/login", { email, password });
    return this.api(token);
  }

  /** addBot makes a bot with a key. */
  addBot(name: string): Api {
    const said = execFileSync(this.binary, ["key", "add", name], this.surroundings()).toString().trim().split("\n");
    return this.api(said.at(-1)!);
  }

  /** addCustomer makes a visitor of a page. */
  async addCustomer(name: string): Promise<{ id: string; api: Api }> {
    const made = await this.api(null).post<{ token: string; customer: string }>("/v1/visitors", { name });
    return { id: made.customer, api: this.api(made.token) };
  }

  /** socketEnv connects as whoever makes these calls. */
  socketEnv(api: Api): SocketEnv {
    return {
      ...socketCalls(api),
      open: (protocols, ears) => {
        const socket = new ws.WebSocket(`ws://${this.address}/v1/socket`, protocols);
        this.sockets.add(socket);
        socket.on("message", (data) => ears.heard(String(data)));
        socket.on("error", () => undefined); // a close follows
        socket.on("close", (code) => {
          this.sockets.delete(socket);
          ears.ended(code);
        });
        return { send: (text) => socket.send(text), close: () => socket.terminate() };
      },
    };
  }

  /** cut ends all connections without a word, as a network that goes away. */
  cut(): void {
    for (const ws of this.sockets) ws.terminate();
  }

  /** restart ends the server and runs it again with the same data, at the same address. */
  async restart(): Promise<void> {
    await this.end();
    await this.run();
  }

  /** stop ends the server and forgets its data. */
  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true });
  }

  private api(token: string | null): Api {
    return new Api({
      token: () => token,
      fetch: (path, init) => fetch(this.url + String(path), init),
    });
  }

  private async run(): Promise<void> {
    const process = spawn(this.binary, ["serve", "--addr", this.address], {
      ...this.surroundings(),
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.process = process;
    const lines = createInterface({ input: process.stdout });
    for await (const line of lines) {
      const said = /^listening on http:\/\/(\S+)$/u.exec(line);
      if (!said) continue;
      this.address = said[1]!;
      process.stdout.resume();
      return;
    }
    throw new Error("the server ended before it listened");
  }

  private async end(): Promise<void> {
    const { process } = this;
    this.process = null;
    if (!process) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGTERM");
    await ended;
  }

  private surroundings(): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: this.folder, env: { ...process.env, ...this.options } };
  }
}
