// Writes shared/api-types.d.ts from the OpenAPI document that the server prints of itself, and the keys of the
// messages. A file that would not change is left alone, so that nothing is built again for it.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTypeScript, { astToString } from "openapi-typescript";
import { writeTypes } from "./messages.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const file = fileURLToPath(new URL("../shared/api-types.d.ts", import.meta.url));

function document() {
  const output = execFileSync("go", ["run", "./cmd/baton", "openapi"], {
    cwd: root,
    maxBuffer: 1 << 26,
    encoding: "utf8",
  });
  return JSON.parse(output);
}

function read() {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const types = `// Written by tools/types.mjs from the document of \`baton openapi\`.\n${astToString(await openapiTypeScript(document(), { alphabetize: true }))}`;
if (read() !== types) writeFileSync(file, types);
writeTypes();
