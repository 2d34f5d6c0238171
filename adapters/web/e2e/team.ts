// The people and the bot that every test finds in its server.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Calls } from "./calls.ts";
import { run, Server, type Options } from "./server.ts";

export const password = "correct horse battery";

const people = {
  olga: { name: "Olga Owner", role: "owner" },
  sam: { name: "Sam Super", role: "supervisor" },
  ida: { name: "Ida Nyberg", role: "agent" },
  jonas: { name: "Jonas Brandt", role: "agent" },
  vera: { name: "Vera Viewer", role: "viewer" },
} as const;

export type Name = keyof typeof people;

export interface Person {
  id: string;
  name: string;
  email: string;
  /** A login that is good already, so that only tests of signing in have to. */
  token: string;
}

/** Team is a folder of data with people and a bot, which servers begin with a copy of. */
export class Team {
  private constructor(
    private readonly folder: string,
    readonly people: Readonly<Record<Name, Person>>,
    /** The key of the bot "shop". */
    readonly key: string,
  ) {}

  /** make makes everybody once; it takes a second, and a copy takes none. */
  static async make(): Promise<Team> {
    const folder = await newFolder();
    for (const [name, { name: full, role }] of Object.entries(people)) {
      await run(
        ["user", "add", "--email", emailOf(name), "--name", full, "--role", role, "--password-stdin"],
        folder,
        password,
      );
    }
    const key = (await run(["key", "add", "shop"], folder)).trim().split("\n").at(-1)!;
    const server = await Server.start(folder, {});
    const signedIn: Partial<Record<Name, Person>> = {};
    for (const name of Object.keys(people) as Name[]) signedIn[name] = await signIn(server.url, name);
    await server.end();
    return new Team(folder, signedIn as Record<Name, Person>, key);
  }

  /** serve starts a server for this team. */
  async serve(options: Options): Promise<Server> {
    const folder = await newFolder();
    await cp(this.folder, folder, { recursive: true });
    return Server.start(folder, options);
  }

  remove(): Promise<void> {
    return removeFolder(this.folder);
  }
}

const emailOf = (name: string) => `${name}@example.com`;

async function signIn(url: string, name: Name): Promise<Person> {
  const email = emailOf(name);
  const { token, agent } = await new Calls(url, "").post<{ token: string; agent: { id: string; name: string } }>(
    "/v1/login",
    { email, password },
  );
  return { id: agent.id, name: agent.name, email, token };
}

/** cookie is what a browser has in which somebody is signed in. */
export const cookie = ({ token }: Person, url: string) =>
  ({ name: "baton_login", value: token, url, httpOnly: true, sameSite: "Lax" }) as const;

export const newFolder = () => mkdtemp(join(tmpdir(), "baton-e2e-"));

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });
