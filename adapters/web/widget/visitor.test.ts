// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Bridge, Kept } from "./bridge.ts";
import { Visitor } from "./visitor.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const token = (sub: string) => `x.${btoa(JSON.stringify({ sub }))}.y`;
const anonymous: Kept = { token: "hv_old", customer: "cus_old", live: false };

/** A page with a visitor, and the server's answers by path. */
function page(kept: Kept | null, identity: string | undefined, answers: Record<string, [number, unknown]>) {
  const said: unknown[] = [];
  const asked: { path: string; body: unknown; token: string | null }[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    asked.push({ path, body: init.body && JSON.parse(init.body as string), token: headers.get("Authorization") });
    const [status, body] = answers[path]!;
    return new Response(JSON.stringify(body), { status });
  });
  const bridge = { kept, identity, say: (m: unknown) => said.push(m) } as unknown as Bridge;
  return { visitor: new Visitor(bridge), said, asked };
}

const made = (customer: string): [number, unknown] => [201, { token: `hv_${customer}`, customer, session: null }];

afterEach(() => vi.unstubAllGlobals());

describe("who the visitor is", () => {
  test("somebody new, when the page keeps nobody", async () => {
    const { visitor, said, asked } = page(null, undefined, { "/v1/visitors": made("cus_1") });
    expect(await visitor.arrive()).toBeNull();
    expect(asked).toEqual([{ path: "/v1/visitors", body: { locale: "en", time_zone: zone }, token: null }]);
    expect(said).toEqual([
      { type: "keep", kept: { token: "hv_cus_1", customer: "cus_1", subject: undefined, live: false } },
      { type: "ready", customer: "cus_1", refusal: undefined },
    ]);
  });

  test("one person, who asks for somebody before the server has answered the first time", async () => {
    const { visitor, asked } = page(null, undefined, {
      "/v1/visitors": made("cus_1"),
      "/v1/me": [200, { session: null }],
    });
    await Promise.all([visitor.arrive(), visitor.arrive()]);
    expect(asked.map(({ path }) => path)).toEqual(["/v1/visitors", "/v1/me"]);
  });

  test("one person again, when the first call did not get through", async () => {
    const answers: Record<string, [number, unknown]> = { "/v1/visitors": [503, {}] };
    const { visitor } = page(null, undefined, answers);
    const first = visitor.arrive();
    await expect(first).rejects.toMatchObject({ status: 503 });
    answers["/v1/visitors"] = made("cus_1");
    await visitor.arrive();
    expect(visitor.kept?.customer).toBe("cus_1");
  });

  test("the one whom the page keeps, with the chat that goes on", async () => {
    const { visitor, asked } = page(anonymous, undefined, { "/v1/me": [200, { session: "ses_1" }] });
    expect(await visitor.arrive()).toBe("ses_1");
    expect(asked[0]!.token).toBe("Bearer hv_old");
  });

  test("somebody new, when the token has had its time", async () => {
    const { visitor } = page(anonymous, undefined, { "/v1/me": [401, {}], "/v1/visitors": made("cus_2") });
    await visitor.arrive();
    expect(visitor.kept?.customer).toBe("cus_2");
  });

  test("the person that the page vouches for", async () => {
    const { visitor, asked } = page(anonymous, token("hana"), { "/v1/visitors": made("cus_hana") });
    await visitor.arrive();
    expect(asked[0]!.body).toEqual({ locale: "en", time_zone: zone, identity: token("hana") });
    expect(visitor.kept).toMatchObject({ customer: "cus_hana", subject: "hana" });
  });

  test("still that person on the next page, without a new token", async () => {
    const hana = { ...anonymous, subject: "hana" };
    const { visitor, asked } = page(hana, token("hana"), { "/v1/me": [200, { session: null }] });
    await visitor.arrive();
    expect(asked.map(({ path }) => path)).toEqual(["/v1/me"]);
  });

  test("anonymous for as long as an anonymous chat goes on", async () => {
    const { visitor, asked } = page({ ...anonymous, live: true }, token("hana"), {
      "/v1/me": [200, { session: "ses_1" }],
    });
    expect(await visitor.arrive()).toBe("ses_1");
    expect(asked.map(({ path }) => path)).toEqual(["/v1/me"]);
    expect(visitor.vouched(token("hana"))).toBe(false);
  });

  test("the one before, when the server refuses the page's word", async () => {
    const refusal = "the identity token is not good: it has expired";
    const { visitor, said } = page(anonymous, token("hana"), {
      "/v1/visitors": [401, { code: "unauthorized", detail: refusal }],
      "/v1/me": [200, { session: null }],
    });
    await visitor.arrive();
    expect(said).toEqual([{ type: "ready", customer: "cus_old", refusal }]);
  });
});
