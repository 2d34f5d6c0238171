// Builds the dashboard, the page in the widget's frame and the loader, in this order: the second empties the folder
// that the third writes to. What was built of what is kept for tools/size.mjs, outside of the folders that are served.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { build } from "vite";
import { manifests } from "./manifests.mjs";

for (const mode of ["dashboard", "widget", "loader"]) {
  await build({ configFile: "vite.config.ts", mode, logLevel: "warn" });
  if (mode === "loader") continue;
  mkdirSync(manifests, { recursive: true });
  renameSync(`assets/${mode}/.vite/manifest.json`, `${manifests}/${mode}.json`);
  rmSync(`assets/${mode}/.vite`, { recursive: true });
}
await import("./precompress.mjs");
