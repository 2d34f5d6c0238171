// Makes the files in shared/fonts from the published fonts: the letters of Western and Central Europe, and of the
// weights only those between 400 and 650. It needs packages that nothing else does, so they are installed for the run:
//   npm install --no-save subset-font@2.9.0 @fontsource-variable/atkinson-hyperlegible-next@5.3.0 @fontsource/atkinson-hyperlegible-mono@5.3.0
//   node tools/fonts.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import subset from "subset-font";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const next = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next";
const mono = "node_modules/@fontsource/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono";
const weights = { wght: { min: 400, max: 650 } };

const ranges = {
  latin: "20-7e a0-ff 131 152-153 2bb-2bc 2c6 2da 2dc 300-32f 2000-206f 20ac 2122 2190-2193 2212-2215 feff fffd",
  "latin-ext":
    "100-2ba 2bd-2c5 2c7-2cc 2ce-2d7 2dd-2ff 300-32f 1d00-1dbf 1e00-1e9f 1ef2-1eff 2020 20a0-20ab 20ad-20c0 2113",
};

/** All characters of ranges as they are written above. */
function characters(list) {
  let text = "";
  for (const range of list.split(" ")) {
    const [first, last = first] = range.split("-").map((hex) => parseInt(hex, 16));
    for (let code = first; code <= last; code++) text += String.fromCodePoint(code);
  }
  return text;
}

for (const [name, list] of Object.entries(ranges)) {
  for (const [out, source, variationAxes] of [
    ["next", `${next}-${name}-wght-normal.woff2`, weights],
    ["mono", `${mono}-${name}-400-normal.woff2`, undefined],
  ]) {
    const font = await subset(readFileSync(at(source)), characters(list), { targetFormat: "woff2", variationAxes });
    writeFileSync(at(`shared/fonts/${out}-${name}.woff2`), font);
    console.log(`shared/fonts/${out}-${name}.woff2: ${font.length} bytes`);
  }
}
