// Builds the dashboard, the page in the widget's frame and the loader, in this order: the second empties the folder
// that the third writes to.
import { build } from "vite";

for (const mode of ["dashboard", "widget", "loader"]) {
  await build({ configFile: "vite.config.ts", mode, logLevel: "warn" });
}
