// Fails when a style names a side of the screen where a logical property exists: without such names a
// right-to-left page is the mirror image of a left-to-right one by itself.
import { readFileSync, readdirSync } from "node:fs";
import { parse, parseCss } from "svelte/compiler";

const physicalProperty =
  /^(left|right|top|bottom|float|clear|(margin|padding|scroll-margin|scroll-padding)-(left|right|top|bottom)|border-(left|right|top|bottom)(-.*)?|border-(top|bottom)-(left|right)-radius)$/;
const physicalValue = /^(left|right)$/;

/** Calls `found` with each declaration below a node of the style's tree. */
function declarations(node, found) {
  if (node.type === "Declaration") found(node);
  for (const child of [...(node.children ?? []), ...(node.block ? [node.block] : [])]) declarations(child, found);
}

function styles(file, source) {
  return file.endsWith(".css") ? parseCss(source) : parse(source, { modern: true }).css;
}

let faults = 0;
for (const folder of ["shared", "dashboard", "widget"]) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(css|svelte)$/.test(name),
  );
  for (const name of files) {
    const file = `${folder}/${name}`;
    const source = readFileSync(file, "utf8");
    const sheet = styles(file, source);
    if (!sheet) continue;
    declarations(sheet, ({ property, value, start }) => {
      const named = physicalProperty.test(property) || (property === "text-align" && physicalValue.test(value));
      if (!named) return;
      faults++;
      const line = source.slice(0, start).split("\n").length;
      console.error(
        `${file}:${line}: ${property}: ${value} names a side of the screen; use the logical property (inset-inline-start, margin-block-end ...)`,
      );
    });
  }
}
if (faults) process.exit(1);
