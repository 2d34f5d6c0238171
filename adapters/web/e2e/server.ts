// The program under test, as its own process.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What is tested: the program that `make build` writes, or the one that BATON_BIN names. */
export const program = process.env.BATON_BIN ?? fileURLToPath(new URL("../../../bin/baton", import.meta.url));

/** Options of config.yaml by their names, such as `offers.expire_after`; lists with commas. */
export type Options = Readonly<Record<string, string>>;

const variable = (option: string) => `BATON_${option.toUpperCase().replaceAll(".", "_")}`;

/** environment is that of a program which keeps its data in a folder and has these options. */
function environment(folder: string, options: Options): NodeJS.ProcessEnv {
  const own = Object.entries({ "data.dir": folder, ...options }).map(([option, value]) => [variable(option), value]);
  const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("BATON_"));
  return Object.fromEntries([...rest, ...own]) as NodeJS.ProcessEnv;
}

/** Running is a process of the program that goes on until it is ended. */
export class Running {
  /** What it wrote to standard output and to standard error, by line. */
  readonly said: string[] = [];
  readonly logged: string[] = [];
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
  ) {
    this.ended = once(process, "exit");
    createInterface({ input: process.stdout! }).on("line", (line) => this.said.push(line));
    createInterface({ input: process.stderr! }).on("line", (line) => this.logged.push(line));
  }

  /** start runs a command of the program that does not end by itself. */
  static start(args: string[], folder: string, options: Options = {}): Running {
    if (!existsSync(program)) throw new Error(`${program} is not there; run make build first`);
    const child = spawn(program, args, {
      cwd: folder,
      env: environment(folder, options),
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child, args.join(" "));
  }

  /** find waits for a line of the output and gives what its pattern's first group holds. */
  async find(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.said.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found) return found[1] ?? found[0];
      if (this.process.exitCode !== null) {
        throw new Error(`baton ${this.name} ended with ${this.process.exitCode}:\n${this.logged.join("\n")}`);
      }
      await Promise.race([once(this.process.stdout!, "data"), this.ended]);
    }
  }

  /** end asks the process to end, and waits until it has. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    await this.ended;
  }
}

/** run runs a command of the program to its end and gives its output. */
export async function run(args: string[], folder: string, input = ""): Promise<string> {
  const child = spawn(program, args, { cwd: folder, env: environment(folder, {}), stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
  // A command that reads nothing may have ended by now.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`baton ${args.join(" ")} ended with ${code}:\n${errors}`);
  return output;
}

/** Server is `baton serve` on a free port. It can end and come back at the same address, with the same data. */
export class Server {
  private constructor(
    readonly folder: string,
    readonly url: string,
    private readonly options: Options,
    private running: Running,
  ) {}

  static async start(folder: string, options: Options): Promise<Server> {
    const running = Running.start(["serve", "--addr", "127.0.0.1:0"], folder, options);
    return new Server(folder, await running.find(/^listening on (\S+)/), options, running);
  }

  /** The link by which the owner of an empty server is made. */
  setUpLink(): Promise<string> {
    return this.running.find(/(http\S+\/setup#\S+)/);
  }

  /** What the server wrote to its log since it started. */
  get log(): readonly string[] {
    return this.running.logged;
  }

  end(signal?: NodeJS.Signals): Promise<void> {
    return this.running.end(signal);
  }

  /** comeBack starts a server that has ended. */
  async comeBack(): Promise<void> {
    this.running = Running.start(["serve", "--addr", new URL(this.url).host], this.folder, this.options);
    await this.running.find(/^listening on/);
  }
}
