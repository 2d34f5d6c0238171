// What only a real browser can show: which pages may reach us, frame us, and talk to our windows.
import type { Page } from "@playwright/test";
import { handoff, type Row } from "./calls.ts";
import { expect, test } from "./fixtures.ts";
import { withWidget } from "./host.ts";
import { cookie } from "./team.ts";
import { cut } from "./watch.ts";

test.use({ origins: "host" });

/** connects says whether a page can open a socket with a ticket. */
const connects = (page: Page, url: string, ticket: string) =>
  page.evaluate(
    ([address, protocol]) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(address!, ["baton.v1", protocol!]);
        socket.onopen = () => resolve(true);
        socket.onclose = () => resolve(false);
      }),
    [`${url.replace("http", "ws")}/v1/socket`, `ticket.${ticket}`],
  );

/** shown says what a frame with an address shows on a page: our page, or the browser's own page about a refusal. */
async function shown(page: Page, address: string): Promise<string> {
  await page.evaluate(
    (src) =>
      new Promise<void>((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = () => resolve();
        frame.src = src;
        document.body.append(frame);
      }),
    address,
  );
  return page.frames().at(-1)!.url();
}

const refused = "chrome-error://chromewebdata/";

test("W01 a foreign page opens no socket, not even with a ticket that is good", async ({
  server,
  as,
  browse,
  foreign,
  watch,
}) => {
  watch.allow(cut);
  foreign.put("/", "<h1>Free parcels</h1>");
  const page = await (await browse("stranger")).newPage();
  const ticket = async () => (await as("ida").post<{ ticket: string }>("/v1/socket-tickets")).ticket;

  for (const origin of [foreign.origin, foreign.neighbour]) {
    await page.goto(origin);
    expect(await connects(page, server.url, await ticket()), origin).toBe(false);
  }
  await page.goto(`${server.url}/widget/`);
  expect(await connects(page, server.url, await ticket()), "our own page").toBe(true);
});

test("B01 a foreign page changes nothing with the cookie of an agent", async ({
  server,
  as,
  bot,
  browse,
  foreign,
  team,
  watch,
}) => {
  watch.allow(/CORS policy/, /Failed to load resource/, /status of 4\d\d/);
  const { id } = await bot.post("/v1/handoffs", handoff());
  await as("ida").post(`/v1/sessions/${id}/takeover`);
  const ida = await browse("ida");
  await ida.addCookies([cookie(team.people.ida, server.url)]);
  const before = await as("ida").get<Row>(`/v1/sessions/${id}`);

  const page = await ida.newPage();
  for (const [origin, path] of [
    [foreign.origin, "/far"],
    [foreign.neighbour, "/near"],
  ] as const) {
    foreign.put(
      path,
      `<form method="post" enctype="text/plain" action="${server.url}/v1/sessions/${id}/end">
        <input name='{"reason":"spam","summary":"' value='"}'><button>Win a parcel</button></form>`,
    );
    await page.goto(origin + path);
    await page.evaluate(async (session) => {
      const json = { "Content-Type": "application/json" };
      const body = JSON.stringify({ client_id: "evil", text: "evil", reason: "spam", status: "offline" });
      for (const [method, address, headers] of [
        ["POST", `${session}/messages`, {}],
        ["POST", `${session}/messages`, json],
        ["POST", `${session}/end`, {}],
        ["PUT", `${session}/tags/evil`, {}],
        ["POST", `${session}/typing`, {}],
        ["PUT", new URL("/v1/me", session).href, json],
        ["POST", new URL("/v1/logout", session).href, {}],
        ["POST", new URL("/v1/socket-tickets", session).href, {}],
      ] as const) {
        for (const mode of ["no-cors", "cors"] as const) {
          await fetch(address, { method, mode, headers, body, credentials: "include" }).catch(() => undefined);
        }
      }
    }, `${server.url}/v1/sessions/${id}`);
    await page.getByRole("button", { name: "Win a parcel" }).click();
    await page.waitForURL(`${server.url}/**`);
  }

  expect(await as("ida").get<Row>(`/v1/sessions/${id}`)).toEqual(before);
  expect(await as("ida").get<{ role: string }>("/v1/me")).toMatchObject({ role: "agent" });
});

test("B02 nobody frames the dashboard, and only allowed pages frame the chat", async ({
  server,
  browse,
  host,
  foreign,
  watch,
}) => {
  watch.allow(/frame-ancestors/, /ERR_BLOCKED_BY_RESPONSE/);
  host.put("/", "<h1>Allowed</h1>");
  foreign.put("/", "<h1>Not allowed</h1>");
  const page = await (await browse("customer")).newPage();
  const rooms = ["/app/", "/setup"].map((path) => server.url + path);

  for (const origin of [host.origin, foreign.neighbour]) {
    await page.goto(origin);
    for (const room of rooms) expect(await shown(page, room), `${room} on ${origin}`).toBe(refused);
  }
  for (const [origin, sees] of [
    [host.origin, `${server.url}/widget/`],
    [host.neighbour, `${server.url}/widget/`],
    [foreign.origin, refused],
    [foreign.neighbour, refused],
  ] as const) {
    await page.goto(origin);
    expect(await shown(page, `${server.url}/widget/`), `the chat on ${origin}`).toBe(sees);
  }
});

test("B03 what other windows post is not listened to", async ({ server, browse, host, foreign, watch }) => {
  watch.allow(/frame-ancestors/);
  foreign.put(
    "/ad",
    `<script>
      window.heard = [];
      onmessage = (e) => heard.push({ data: e.data, ports: e.ports.length });
      window.pester = (nonce) => {
        for (const data of [{ baton: nonce }, { baton: nonce, type: "show", open: false }, { type: "keep", kept: null }, { type: "event", name: "ended", detail: {} }]) parent.postMessage(data, "*");
        parent.postMessage("said", "*");
      };
    </script>`,
  );
  host.put("/", withWidget(server.url, "", `<iframe id="ad" src="${foreign.origin}/ad"></iframe>`));
  const context = await browse("customer");
  const page = await context.newPage();
  await page.goto(host.origin);
  await page.getByRole("button", { name: "Open chat" }).click();
  const chat = page.frameLocator("iframe[title='Parcel help']");
  await expect(chat.getByRole("button", { name: "Talk to a person" })).toBeVisible();

  // The advertisement knows even the nonce, but it is neither the frame nor of its origin.
  const nonce = await page.evaluate(() => {
    const holder = [...document.body.children].find((element) => element.shadowRoot)!;
    return new URL(holder.shadowRoot!.querySelector("iframe")!.src).hash.slice(1).split("&")[0]!;
  });
  const ad = page.frames().find((frame) => frame.url().endsWith("/ad"))!;
  const said = page.evaluate(
    () => new Promise<void>((resolve) => addEventListener("message", (e) => e.data === "said" && resolve())),
  );
  await ad.evaluate((known) => (window as unknown as { pester(nonce: string): void }).pester(known), nonce);
  await said;
  expect(await ad.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
  await expect(page.getByRole("button", { name: "Close chat" })).toBeVisible();

  // Nor does the chat listen to its own page but through the channel that they agreed on.
  await page.evaluate(() => {
    const holder = [...document.body.children].find((element) => element.shadowRoot)!;
    const inside = holder.shadowRoot!.querySelector("iframe")!.contentWindow!;
    for (const data of [
      { type: "kept", kept: { token: "hv_stolen", customer: "cus_1", live: true } },
      { type: "identity", token: "a.b.c" },
      { type: "shown", open: false },
    ])
      inside.postMessage(data, "*");
  });
  await chat.getByRole("button", { name: "Talk to a person" }).click();
  await expect(chat.getByText(/next|before you|looking for/i).first()).toBeVisible();
});

test("B03 a page that opened one of ours cannot speak to it", async ({ server, browse, foreign, team, watch }) => {
  watch.allow(/postMessage/);
  const ida = await browse("ida");
  await ida.addCookies([cookie(team.people.ida, server.url)]);
  const page = await ida.newPage();

  for (const path of ["/app/", "/widget/"]) {
    foreign.put(path, `<button onclick="window.ours = window.open('${server.url}${path}')">Open</button>`);
    await page.goto(foreign.neighbour + path);
    const [popup] = await Promise.all([ida.waitForEvent("page"), page.getByRole("button", { name: "Open" }).click()]);
    await popup.waitForURL(server.url + path);
    const answer = await page.evaluate(() => {
      const { ours } = window as unknown as { ours: Window };
      const kept = { token: "hv_stolen", customer: "cus_1", live: true };
      for (const data of [
        { type: "kept", kept },
        { baton: "", kept, open: true },
      ])
        ours.postMessage(data, "*");
      try {
        return ours.closed ? "closed to us" : ours.document.title;
      } catch (refusal) {
        return (refusal as Error).name;
      }
    });
    expect(answer).toMatch(/^(SecurityError|closed to us)$/);
    expect(await popup.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("stolen");
  }
});
