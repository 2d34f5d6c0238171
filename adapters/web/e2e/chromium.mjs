import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const places = ["chromium", "chromium-browser", "google-chrome"];

/** onPath looks for a program as a shell does. */
const onPath = (name) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/** The browser of the machine, or the one that CHROMIUM names. `.ci/chromium` installs Debian's. */
export const chromium = process.env.CHROMIUM ?? places.map(onPath).find((path) => path !== undefined);

/**
 * launch says how that browser is started: quiet, and boxed in unless we are root, for whom Chromium has no box.
 * @param {string[]} more flags
 */
export const launch = (...more) => ({
  executablePath: chromium,
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    ...more,
  ],
});
