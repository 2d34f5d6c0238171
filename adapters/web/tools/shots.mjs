// Takes a picture of every screen in both themes, for people to look at: `npm run shots [--readme]`. They go to shots/,
// which git ignores; with --readme the inbox is also kept as readme.png. It needs a built program (`make build`).
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { launch } from "../e2e/chromium.mjs";
import { chats, replies, rule } from "./shots-story.mjs";

const baton = process.env.BATON_BIN ?? "../../bin/baton";
const folder = "shots";
const password = "correct horse battery";
const themes = ["light", "dark"];

const home = mkdtempSync(join(tmpdir(), "baton-shots-"));
const env = { ...process.env, BATON_DATA_DIR: home, BATON_OFFERS_EXPIRE_AFTER: "10m", BATON_LOG_LEVEL: "error" };
const tell = (args, input = "") => execFileSync(baton, args, { env, input, encoding: "utf8" }).trim();

function serve() {
  const server = spawn(baton, ["serve", "--addr", "127.0.0.1:0"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const url = new Promise((found) => {
    server.stdout.on("data", (text) => {
      const line = /^listening on (\S+)/m.exec(text);
      if (line) found(line[1]);
    });
  });
  return { server, url };
}

/** caller speaks with the server as the owner of a token. */
const caller =
  (url, token) =>
  async (method, path, body = method === "GET" ? undefined : {}) => {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };

/** seed makes a team and its chats, and gives who Ida is and what she has open. */
async function seed(url) {
  const team = [
    ["ida", "Ida Nilsen", "admin"],
    ["jonas", "Jonas Berg", "agent"],
    ["mira", "Mira Okafor", "supervisor"],
  ];
  for (const [name, full, role] of team)
    tell(
      ["user", "add", "--email", `${name}@example.com`, "--name", full, "--role", role, "--password-stdin"],
      password,
    );
  const bot = caller(url, tell(["key", "add", "shop"]).split("\n").at(-1));
  const login = await caller(url, "")("POST", "/v1/login", { email: "ida@example.com", password });
  const ida = caller(url, login.token);
  await ida("PUT", "/v1/me", { capacity: 4, status: "available" });
  const source = rule;
  await ida("POST", "/v1/scripts/vip/publish", { source, reason: "Our VIPs know Ida" });
  for (const reply of replies) await ida("POST", "/v1/quick-replies", reply);
  const sessions = [];
  for (const { handoff, mine, talk = [] } of chats) {
    const { id } = await bot("POST", "/v1/handoffs", handoff);
    if (mine) await ida("POST", `/v1/sessions/${id}/takeover`);
    for (const [who, text] of talk) {
      const client_id = crypto.randomUUID();
      if (who === "note") await ida("POST", `/v1/sessions/${id}/notes`, { text });
      else if (who === "ida") await ida("POST", `/v1/sessions/${id}/messages`, { client_id, text });
      else await bot("POST", `/v1/sessions/${id}/messages`, { client_id, text, as: "customer" });
    }
    sessions.push(id);
  }
  return { login, ida, sessions };
}

/** host serves a page that shows the widget. */
async function host(url) {
  const page = `<!doctype html><title>Parcels</title><body style="font:16px sans-serif;margin:3rem"><h1>Parcels</h1><p>Everything about your order.</p><script src="${url}/widget.js" async data-title="Parcel help"></script>`;
  const server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end(page));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

/** still waits until nothing is on its way to the page and what it draws has come to rest. */
const still = async (page) => {
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(400);
};

async function dashboard(browser, url, theme, { login, sessions }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: theme });
  const page = await context.newPage();
  const shot = async (name) => {
    await still(page);
    await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
  };
  await page.goto(`${url}/app/`);
  await shot("sign-in");
  await context.addCookies([{ name: "baton_login", value: login.token, url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(`${url}/app/`);
  await shot("inbox-no-chat");
  await page.goto(`${url}/app/chats/${sessions[0]}`);
  await shot("inbox");
  for (const [name, key] of [
    ["end", "e"],
    ["transfer", "t"],
    ["keys-overlay", "?"],
  ]) {
    await page.getByRole("log").first().focus();
    await page.keyboard.press(key);
    await shot(`dialog-${name}`);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("textbox", { name: /^Reply to/ }).fill("/");
  await shot("quick-replies");
  await page.getByRole("textbox", { name: /^Reply to/ }).fill("Thank you :th");
  await page.getByRole("option").first().waitFor();
  await shot("emojis");
  await page.getByRole("textbox", { name: /^Reply to/ }).fill("");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("checkbox", { name: "Urgent" }).check();
  await shot("filter");
  await page.getByRole("textbox", { name: "Name of the view" }).press("Enter");
  await shot("saved-view");
  await page.getByRole("tab", { name: /^Mine/ }).click();
  await page.goto(`${url}/app/chats/${sessions.at(-1)}`);
  await shot("queue-chat");
  await scripts(page, url, shot);
  const settings = ["hours", "holidays", "after-hours", "queues"].map((one) => `settings/${one}`);
  for (const path of ["analytics", "team", "keys", "replies", "profile", "setup", ...settings]) {
    await page.goto(`${url}/app/${path}`);
    await shot(`page-${path.replace("/", "-")}`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${url}/app/`);
  await shot("phone-inbox");
  await page.goto(`${url}/app/chats/${sessions[0]}`);
  await shot("phone-chat");
  await context.close();
}

/** scripts takes the page of scripts in its states, and why a chat went where it went. */
async function scripts(page, url, shot) {
  const side = page.getByRole("complementary", { name: "Tools" });
  const write = async (change) => {
    await page.getByRole("textbox", { name: /^Source of/ }).focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(change);
    await page.keyboard.press("Escape");
  };
  await page.goto(`${url}/app/scripts`);
  await shot("scripts-none-open");
  await page.goto(`${url}/app/scripts/vip`);
  await page.getByRole("textbox", { name: /^Source of/ }).waitFor();
  await page.keyboard.press("Control+Enter");
  await side.getByRole("heading", { name: /^Goes to/ }).waitFor();
  await shot("scripts-dry-run");
  await write("-- a line more\n");
  await page.keyboard.press("Control+Shift+D");
  await shot("scripts-compare");
  await page.keyboard.press("Control+Shift+D");
  await write("locl x = 1\n");
  await page.getByRole("region", { name: "Problems" }).waitFor();
  await shot("scripts-problems");
  for (const tab of ["Trial", "Errors", "Docs"]) {
    await side.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
    await shot(`scripts-${tab.toLowerCase()}`);
  }
  await page.getByRole("button", { name: "More for vip" }).click();
  await page.getByRole("menuitem", { name: "Throw the draft away" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Throw the draft away" }).click();
}

async function widget(browser, url, theme, page) {
  const context = await browser.newContext({ viewport: { width: 900, height: 760 }, colorScheme: theme });
  const window = await context.newPage();
  const shot = async (name) => {
    await still(window);
    await window.screenshot({ path: `${folder}/widget-${name}-${theme}.png` });
  };
  await window.goto(page);
  await shot("closed");
  await window.getByRole("button", { name: "Open chat" }).click();
  await shot("home");
  await window.frameLocator("iframe").getByRole("button", { name: "Menu" }).click();
  await shot("menu");
  await window.keyboard.press("Escape");
  const chat = window.frameLocator("iframe");
  await chat.getByRole("textbox", { name: "What is it about?" }).fill("The tent has a hole");
  await chat.getByRole("button", { name: "Talk to a person" }).click();
  await shot("queue");
  await context.close();
}

mkdirSync(folder, { recursive: true });
const { server, url: starting } = serve();
const browser = await chromium.launch(launch());
try {
  const url = await starting;
  const seeded = await seed(url);
  const page = await host(url);
  for (const theme of themes) {
    await dashboard(browser, url, theme, seeded);
    await widget(browser, url, theme, `http://127.0.0.1:${page.address().port}/`);
  }
  page.close();
  if (process.argv.includes("--readme")) copyFileSync(`${folder}/inbox-light.png`, "readme.png");
  console.log(`the pictures are in ${folder}/`);
} finally {
  await browser.close();
  server.kill();
  rmSync(home, { recursive: true, force: true });
}
