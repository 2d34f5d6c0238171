import { defineConfig } from "@playwright/test";
import { launch } from "./e2e/chromium.mjs";

// The tests run the built program, so `make build` comes first. See e2e/fixtures.ts for what a test is given.
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: true,
  workers: Number(process.env.E2E_WORKERS ?? 2),
  forbidOnly: process.env.CI !== undefined,
  // A machine that does other things too may make a test miss its moment. What needed its second try is listed as flaky, and
  // is looked into.
  retries: 1,
  timeout: 60_000,
  // What must be there within two seconds is waited for five times as long: the machine may be busy.
  expect: { timeout: 10_000 },
  reporter: [["list"], ["./e2e/count.ts"]],
  use: {
    launchOptions: launch(),
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: { mode: "retain-on-failure", screenshots: false, sources: false },
    screenshot: "only-on-failure",
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
  },
});
