// What somebody does who has just cloned this: sets it up, and is agent and customer at once.
import { expect, test } from "./fixtures.ts";
import { picture } from "./files.ts";
import { Desk } from "./pages/desk.ts";
import { Tarn } from "./pages/shop.ts";
import { cut } from "./watch.ts";

test.use({ staffed: false });

test("From nothing: the owner is made, a customer is helped through a broken network, and rates it", async ({
  server,
  beside,
  browse,
  watch,
}) => {
  const office = await browse("owner");
  const ida = await Desk.open(await office.newPage(), await server.setUpLink());
  await ida.page.getByRole("textbox", { name: "Your name" }).fill("Ida Nyberg");
  await ida.page.getByRole("textbox", { name: "Email" }).fill("ida@tarn.example");
  await ida.page.getByLabel("Password", { exact: true }).fill("a tent in the rain");
  await ida.page.getByRole("textbox", { name: "Company" }).fill("Tarn");
  await ida.page.getByRole("combobox", { name: "Time zone" }).selectOption("Europe/Oslo");
  await ida.button("Create account").click();
  await expect(ida.page.getByRole("heading", { name: /First steps for .?Tarn/ })).toBeVisible();
  await expect(ida.page.getByText(`<script src="${server.url}/widget.js" async></script>`)).toBeVisible();
  await ida.page.getByRole("link", { name: "Go to the inbox" }).click();
  await ida.button("Go online").click();
  await expect(ida.page.getByRole("button", { name: /^Me You are Available/ })).toBeVisible();

  const shop = beside(["shop", "--server", server.url, "--addr", "localhost:0"]);
  const street = await browse("customer");
  const hana = await Tarn.open(await street.newPage(), await shop.find(/^the shop is at (\S+)/));
  await hana.askForPerson();
  await expect(hana.place(1)).toBeVisible();

  const offer = ida.offers.getByRole("article");
  await expect(offer).toContainText("48213");
  expect(await ida.heard()).toContain("offer");
  await offer.getByRole("button", { name: "Accept" }).click();
  const seam = ida.page.getByRole("group", { name: "Bot handed over" });
  for (const term of ["Why", "Wants", "Tried"]) {
    await expect(seam.getByRole("term").filter({ hasText: term })).toBeVisible();
  }
  await expect(hana.thread).toContainText("Ida joined");

  await ida.say("Hi, I am *Ida*. Which door is yours?");
  await expect(hana.thread).toContainText("Hi, I am Ida. Which door is yours?");
  await hana.chat.locator("input[type=file]").setInputFiles(picture("door.png"));
  await hana.say("The green one");
  await expect(ida.thread.getByRole("img", { name: "Picture: door.png" })).toBeVisible();

  watch.allow(cut);
  await office.setOffline(true);
  await expect(ida.page.getByText(/^You are offline\./)).toBeVisible();
  await ida.say("I found it in the depot");
  await hana.say("Hello?");
  await expect(ida.thread).toContainText("It goes out when the connection is back.");
  await office.setOffline(false);
  await expect(hana.thread).toContainText("I found it in the depot");
  await expect(ida.thread).toContainText("Hello?");
  await expect(ida.page.getByText(/^You are offline\./)).toBeHidden();
  const talk = ["Hi, I am Ida. Which door is yours?", "The green one", "Hello?", "I found it in the depot"];
  await expect.poll(async () => (await ida.said()).slice(-talk.length)).toEqual(talk);
  await expect.poll(async () => (await hana.said()).slice(-talk.length)).toEqual(talk);

  await ida.button("End chat").click();
  await ida
    .dialog("End chat")
    .getByRole("button", { name: /^End chat/ })
    .click();
  await ida.button("End now").click();
  await expect(hana.thread).toContainText("Ida ended the chat.");
  await hana.button("Rate this chat").click();
  await hana.chat.getByRole("radio", { name: "5 Great" }).check();
  await hana.button("Send rating").click();
  await expect(hana.chat.getByRole("heading", { name: "Thank you" })).toBeVisible();
  await expect(ida.thread).toContainText("The customer rated the chat 5 of 5");
});
