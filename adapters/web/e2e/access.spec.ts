// For people who use the screens by other means than eye and mouse: every screen as axe sees it, light and dark. The inbox
// has a file of its own.
import { expect, test } from "./fixtures.ts";
import { sound, still } from "./axe.ts";
import { picture } from "./files.ts";
import { Desk } from "./pages/desk.ts";
import { inside } from "./pages/shop.ts";
import { password } from "./team.ts";

// Screens are read many times here, and what a trace keeps of each would take longer than the reading.
test.use({ trace: "off" });

test.describe("before there is a team", () => {
  test.use({ staffed: false });

  test("20 Access: set-up, first steps, links and sign-in have no faults", async ({ server, browse, watch }) => {
    watch.allow(/status of 401/);
    const { page } = await Desk.open(await (await browse("owner", still)).newPage(), await server.setUpLink());
    await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
    await sound(page, "set-up");
    await page.getByRole("button", { name: "Create account" }).click();
    await sound(page, "set-up, nothing filled in");
    await page.getByRole("textbox", { name: "Your name" }).fill("Ida Nyberg");
    await page.getByRole("textbox", { name: "Email" }).fill("ida@tarn.example");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("textbox", { name: "Company" }).fill("Tarn");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: /First steps/ })).toBeVisible();
    await sound(page, "first steps");
    await page.getByRole("button", { name: "Try it" }).click();
    await expect(page.frameLocator("iframe").getByRole("main")).toBeVisible();
    await sound(page, "a chat with oneself");

    await page.goto(`${server.url}/app/team`);
    await page.getByRole("button", { name: "Invite someone" }).click();
    await sound(page, "invite");
    await page.getByRole("textbox", { name: "Email" }).fill("new@tarn.example");
    await page.getByRole("button", { name: "Make link" }).click();
    const link = page.getByRole("dialog").getByText(/^https?:/);
    await expect(link).toBeVisible();
    await sound(page, "the link of an invitation");
    const invitation = await link.textContent();

    const guest = await (await browse("guest", still)).newPage();
    await guest.goto(invitation!.trim());
    await expect(guest.getByRole("button", { name: "Join" })).toBeVisible();
    await sound(guest, "join");
    await guest.goto(`${server.url}/app/reset#used`);
    await expect(guest.getByRole("alert")).toBeVisible();
    await sound(guest, "a link that was used");
    await guest.goto(`${server.url}/app/`);
    await guest.getByRole("textbox", { name: "Email" }).fill("ida@tarn.example");
    await guest.getByLabel("Password", { exact: true }).fill("not this one");
    await sound(guest, "sign-in");
    await guest.getByRole("button", { name: "Sign in" }).click();
    await expect(guest.getByRole("alert")).toBeVisible();
    await sound(guest, "sign-in refused");
  });
});

test("20 Access: team, keys, quick replies and profile have no faults", async ({ desk, as }) => {
  await as("olga").post("/v1/quick-replies", { scope: "team", shortcut: "hi", text: "Hello." });
  const { page } = await desk("olga", { ...still, path: "/app/team" });
  const dialog = page.getByRole("dialog");
  const close = async () => {
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  };
  const entry = async (name: string) => {
    await page.getByRole("button", { name: "Actions for Ida Nyberg" }).click();
    await page.getByRole("menuitem", { name }).click();
    await expect(dialog).toBeVisible();
    await sound(page, `team: ${name}`);
    await close();
  };
  await expect(page.getByRole("table", { name: "Team" })).toContainText("Ida Nyberg");
  await sound(page, "team");
  await entry("Edit");
  await entry("Make a password link");
  await entry("Disable");

  await page.getByRole("link", { name: /^API keys/ }).click();
  await expect(page.getByRole("table", { name: "API keys" })).toContainText("shop");
  await sound(page, "keys");
  await page.getByRole("button", { name: "Make key" }).click();
  await dialog.getByRole("radio", { name: /^Only some/ }).check();
  await sound(page, "make a key");
  await dialog.getByRole("textbox", { name: /^Bot/ }).fill("another");
  await dialog.getByRole("button", { name: "Make key" }).click();
  await dialog.getByRole("checkbox", { name: "I have stored it" }).check();
  await sound(page, "a new key");
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: /^Revoke shop/ }).click();
  await sound(page, "revoke a key");
  await close();

  await page.getByRole("link", { name: /^Quick replies/ }).click();
  await expect(page.getByRole("table", { name: "Quick replies" })).toContainText("/hi");
  await sound(page, "quick replies");
  await page.getByRole("button", { name: "Edit /hi" }).click();
  await sound(page, "edit a quick reply");
  await close();
  await page.getByRole("button", { name: "Delete /hi" }).click();
  await sound(page, "delete a quick reply");
  await close();

  await page.goto(new URL("/app/profile", page.url()).href);
  await expect(page.getByRole("checkbox", { name: /^Single keys/ })).toBeVisible();
  await sound(page, "profile");
  await page.goto(new URL("/app/nowhere", page.url()).href);
  await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
  await sound(page, "no such page");
});

test("20 Access: the widget has no faults", async ({ shop, as }) => {
  const hana = await shop(still);
  await sound(hana.page, "launcher");
  await hana.openChat();
  const chat = await inside(hana);
  await sound(chat, "home");
  await hana.button("Menu").click();
  await expect(hana.sound).toBeVisible();
  await sound(chat, "menu");
  await hana.page.keyboard.press("Escape");
  await expect(hana.sound).toBeHidden();
  await hana.topic.fill("The tent has a hole");
  await hana.button("Talk to a person").click();
  await expect(hana.place(1)).toBeVisible();
  await sound(chat, "queue");
  await hana.button("Leave the queue").click();
  await sound(chat, "leave the queue?");
  await hana.button("Go on").click();

  const ida = as("ida");
  const { data } = await ida.get<{ data: { id: string }[] }>("/v1/sessions?status=waiting,pending");
  const { id } = data[0]!;
  await ida.post(`/v1/sessions/${id}/takeover`);
  await ida.say(id, "Hello, *what* is it? https://example.com");
  await hana.chat.locator("input[type=file]").setInputFiles(picture("hole.png"));
  await sound(chat, "a file to send");
  await hana.say("This hole");
  await expect(hana.thread.getByRole("img", { name: "hole.png" })).toBeVisible();
  await sound(chat, "chat");
  await hana.button("End").click();
  await sound(chat, "end?");
  await hana.button("Go on").click();
  await ida.post(`/v1/sessions/${id}/end`, { reason: "resolved" });
  await expect(hana.button("Rate this chat")).toBeVisible();
  await sound(chat, "ended");
  await hana.button("Rate this chat").click();
  await hana.chat.getByRole("radio", { name: "4 Good" }).check();
  await sound(chat, "rating");
  await hana.button("Send rating").click();
  await expect(hana.chat.getByRole("heading", { name: "Thank you" })).toBeVisible();
  await sound(chat, "thanks");
});
