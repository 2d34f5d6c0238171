import { describe, expect, test, vi } from "vitest";
import { Api, asProblem, attachmentUrl, Problem, type ApiOptions } from "./api.ts";

type Answer = [status: number, body?: unknown, headers?: Record<string, string>];

/** api answers one call after the other, and remembers what was asked. */
function scripted(answers: Answer[], options: ApiOptions = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: unknown, init: unknown) => {
    asked.push({ url: String(url), init: init as RequestInit });
    const [status, body, headers] = answers.shift()!;
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
  };
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  return { api: new Api({ fetch: fetch as typeof globalThis.fetch, sleep, ...options }), asked, slept };
}

const refusal = (code: string) => ({
  code,
  detail: "no",
  request_id: "req_1",
  errors: [{ pointer: "/a", detail: "b" }],
});

describe("a call", () => {
  test("goes out with the cookie, and its query in one form", async () => {
    const { api, asked } = scripted([[200, { id: "ses_1" }]]);
    const query = { status: ["waiting", "active"], limit: 5, q: "", after: null };
    expect(await api.get("/v1/sessions", { query })).toEqual({ id: "ses_1" });
    expect(asked[0]!.url).toBe("/v1/sessions?status=waiting%2Cactive&limit=5");
    expect(asked[0]!.init.credentials).toBe("same-origin");
  });

  test("of a visitor goes out with the token and without the cookie of an agent", async () => {
    const { api, asked } = scripted([[204]], { token: () => "hv_1" });
    expect(await api.post("/v1/sessions/ses_1/typing")).toBeUndefined();
    expect(asked[0]!.init.headers).toMatchObject({ Authorization: "Bearer hv_1" });
    expect(asked[0]!.init.credentials).toBe("omit");
  });

  test("that is refused throws what the server says", async () => {
    const { api } = scripted([[422, refusal("invalid")]]);
    const problem = asProblem(await api.post("/v1/handoffs", {}).catch((thrown: unknown) => thrown));
    expect(problem).toMatchObject({ status: 422, code: "invalid", detail: "no", requestId: "req_1" });
    expect(problem.errors).toEqual([{ pointer: "/a", detail: "b" }]);
    expect(problem.passing).toBe(false);
  });

  test("that something in between refuses has its status", async () => {
    const { api } = scripted([[502, "<html>"]]);
    await expect(api.post("/v1/handoffs", {})).rejects.toMatchObject({ status: 502, code: "unknown" });
  });

  test("that does not get through is offline, and may pass", async () => {
    const failing = new Api({ fetch: () => Promise.reject(new TypeError("failed")) });
    const problem = asProblem(await failing.get("/v1/me").catch((thrown: unknown) => thrown));
    expect(problem).toMatchObject({ status: 0, code: "offline", passing: true });
  });

  test("that is given up says so", async () => {
    const stop = new AbortController();
    const hanging = new Api({
      fetch: (_, init) => new Promise((_ok, no) => init!.signal!.addEventListener("abort", no)),
    });
    const call = hanging.get("/v1/me", { signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("a busy server", () => {
  test("is asked again after the time it names", async () => {
    const { api, asked, slept } = scripted([
      [503, refusal("busy"), { "Retry-After": "1" }],
      [429, refusal("too_many"), { "Retry-After": "2" }],
      [200, { ok: true }],
    ]);
    expect(await api.get("/v1/me")).toEqual({ ok: true });
    expect(asked).toHaveLength(3);
    expect(slept).toEqual([1000, 2000]);
  });

  test("is not asked twice to do what could be done twice", async () => {
    const { api, asked } = scripted([[503, refusal("busy"), { "Retry-After": "1" }]]);
    await expect(api.post("/v1/sessions/ses_1/notes", { text: "x" })).rejects.toMatchObject({ code: "busy" });
    expect(asked).toHaveLength(1);
  });

  test("is asked again to do something when the caller allows it", async () => {
    const { api, asked } = scripted([
      [503, refusal("busy"), { "Retry-After": "1" }],
      [201, {}],
    ]);
    await api.post("/v1/handoffs", {}, { repeat: true });
    expect(asked).toHaveLength(2);
  });

  test("is left alone after a few times, or when it wants to be for long", async () => {
    const busy: Answer = [503, refusal("busy"), { "Retry-After": "1" }];
    const { api, asked } = scripted([busy, busy, busy, busy]);
    await expect(api.get("/v1/me")).rejects.toThrow(Problem);
    expect(asked).toHaveLength(4);
    const long = scripted([[429, refusal("too_many"), { "Retry-After": "900" }]]);
    await expect(long.api.get("/v1/me")).rejects.toMatchObject({ retryAfter: 900 });
    expect(long.asked).toHaveLength(1);
  });
});

describe("nobody who is signed in", () => {
  test("is told to whoever shows the sign-in", async () => {
    const signedOut = vi.fn();
    const { api } = scripted([[401, refusal("unauthorized")]], { signedOut });
    await expect(api.get("/v1/me")).rejects.toMatchObject({ status: 401 });
    expect(signedOut).toHaveBeenCalledOnce();
  });

  test("is not told when the call was an attempt to sign in", async () => {
    const signedOut = vi.fn();
    const { api } = scripted([[401, refusal("unauthorized")]], { signedOut });
    await expect(api.post("/v1/login", {}, { quiet: true })).rejects.toMatchObject({ status: 401 });
    expect(signedOut).not.toHaveBeenCalled();
  });
});

test("a list is read to its end, each page told as it comes", async () => {
  const { api, asked } = scripted([
    [200, { data: [1, 2], next: "c1" }],
    [200, { data: [3], next: "c2" }],
    [200, { data: null, next: null }],
  ]);
  const told: number[][] = [];
  expect(await api.list<number>("/v1/sessions", { status: "active" }, (rows) => told.push(rows))).toEqual([1, 2, 3]);
  expect(told).toEqual([[1, 2], [3], []]);
  expect(asked.map(({ url }) => url)).toEqual([
    "/v1/sessions?limit=500&status=active",
    "/v1/sessions?limit=500&status=active&after=c1",
    "/v1/sessions?limit=500&status=active&after=c2",
  ]);
});

test("an attachment is asked for by its id and nothing else", () => {
  expect(attachmentUrl("att_1/../me")).toBe("/v1/attachments/att_1%2F..%2Fme");
});
