import { Api, Problem } from "../api.ts";

/** answering makes an API that answers every call with what a function gives. */
export function answering(answer: (method: string, path: string, body: unknown) => unknown): Api {
  const fetch = async (path: unknown, init?: RequestInit) => {
    const body: unknown = init?.body ? JSON.parse(String(init.body)) : undefined;
    const said = answer(init!.method!, String(path), body);
    if (said instanceof Problem) return new Response(JSON.stringify({ code: said.code }), { status: said.status });
    return new Response(said === undefined ? null : JSON.stringify(said), { status: said === undefined ? 204 : 200 });
  };
  return new Api({ fetch: fetch as typeof globalThis.fetch });
}
