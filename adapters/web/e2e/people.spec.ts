// Who gets in, and who does not any more.
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { Desk } from "./pages/desk.ts";
import { password } from "./team.ts";
import { refusals } from "./watch.ts";

const spent = /^This link has been used, is too old/;

/** linkIn gives the link that a dialog shows once. */
const linkIn = async (desk: Desk, dialog: RegExp) => {
  const code = desk.page.getByRole("dialog", { name: dialog }).getByRole("group", { name: "Link" }).locator("code");
  return (await code.textContent())!;
};

const fillPassword = (page: Page, words: string) => page.locator("input[autocomplete='new-password']").fill(words);

const inbox = (page: Page) => page.getByRole("heading", { level: 1, name: "Inbox" });

test("Signing in, and out: a wrong password is told without saying which half was wrong", async ({
  browse,
  server,
  team,
  watch,
}) => {
  watch.allow(refusals(401, 429));
  const { page } = await Desk.open(await (await browse("ida")).newPage(), `${server.url}/app/team`);
  await page.getByRole("textbox", { name: "Email" }).fill(team.people.ida.email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Email or password is wrong." })).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(password);
  // Who was wrong once waits for a second.
  await expect(async () => {
    // On a slow machine the page may come after the next look for the button, which is gone then.
    const button = page.getByRole("button", { name: "Sign in" });
    if (await button.isVisible()) await button.click({ timeout: 2_000 });
    await expect(page.getByRole("heading", { level: 1, name: "Team" })).toBeVisible({ timeout: 5_000 });
  }).toPass();

  await page.getByRole("button", { name: /^Me/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.goto(`${server.url}/app/`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("A08 a password link works once, and ends all other logins of that person", async ({ desk, browse, watch }) => {
  watch.allow(refusals(401));
  const [olga, ida] = [await desk("olga", { path: "/app/team" }), await desk("ida")];
  await expect(inbox(ida.page)).toBeVisible();
  await olga.page.getByRole("button", { name: /Actions for .?Ida Nyberg/ }).click();
  await olga.page.getByRole("menuitem", { name: "Make a password link" }).click();
  const link = await linkIn(olga, /Password link for .?Ida Nyberg/);

  const [first, second] = await Promise.all(
    ["ida at home", "a thief"].map(async (who) => (await browse(who)).newPage()),
  );
  for (const page of [first!, second!]) {
    await page.goto(link);
    await fillPassword(page, "a better one than before");
  }
  await first!.getByRole("button", { name: "Set password" }).click();
  await expect(inbox(first!)).toBeVisible();
  await expect(ida.page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await second!.getByRole("button", { name: "Set password" }).click();
  await expect(second!.getByText(spent)).toBeVisible();
  await second!.reload();
  await expect(second!.getByText(spent)).toBeVisible();
});

test("A13 an invitation that two use at once makes one of them a colleague", async ({ desk, browse, watch, as }) => {
  watch.allow(refusals(401, 409));
  const olga = await desk("olga", { path: "/app/team" });
  await olga.button("Invite someone").click();
  const dialog = olga.dialog("Invite someone");
  await dialog.getByRole("textbox", { name: "Email" }).fill("noor@example.com");
  await dialog.getByRole("button", { name: "Make link" }).click();
  const link = await linkIn(olga, /Invitation for .?noor@example\.com/);

  const pages = await Promise.all(["noor", "her double"].map(async (who) => (await browse(who)).newPage()));
  for (const [at, page] of pages.entries()) {
    await page.goto(link);
    await page.getByRole("textbox", { name: "Your name" }).fill(`Noor ${at}`);
    await fillPassword(page, "a better one than before");
  }
  await Promise.all(pages.map((page) => page.getByRole("button", { name: "Join" }).click()));
  const outcomes = pages.map(async (page) => {
    await expect(inbox(page).or(page.getByText(spent))).toBeVisible();
    return inbox(page).isVisible();
  });
  expect((await Promise.all(outcomes)).sort()).toEqual([false, true]);
  const { data } = await as("olga").get<{ data: { email: string }[] }>("/v1/agents?limit=500");
  expect(data.filter(({ email }) => email === "noor@example.com")).toHaveLength(1);
});

test("Z09 who may only read from now on cannot write in the window that is open", async ({ talk, as, team, watch }) => {
  watch.allow(refusals(401, 403, 404, 409));
  const { ida, hana, session } = await talk();
  await ida.composer.fill("A last word");
  await as("olga").patch(`/v1/agents/${team.people.ida.id}`, { role: "viewer" });
  await expect(ida.page.getByRole("button", { name: "Sign in" })).toBeVisible({ timeout: 5_000 });
  await expect(hana.place(1)).toBeVisible();
  const said = (await as("olga").events(session)).map(({ event }) => event.data.text);
  expect(said).not.toContain("A last word");
});
