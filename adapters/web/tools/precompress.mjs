// Writes a .br and a .gz beside each built text file that gets smaller by it; the server sends what the browser takes
// and compresses nothing itself.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const text = /\.(html|js|css|svg|json|webmanifest)$/;
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

for (const folder of ["assets/dashboard", "assets/widget"]) {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!text.test(name)) continue;
    const file = `${folder}/${name}`;
    const content = readFileSync(file);
    for (const [suffix, smaller] of [
      [".br", brotliCompressSync(content, brotli)],
      [".gz", gzipSync(content, { level: 9 })],
    ]) {
      if (smaller.length < content.length) writeFileSync(file + suffix, smaller);
    }
  }
}
