// Texts that would run a script if anything took them for more than texts. Each calls ran with its number.

const call = "ran(#)";

/** Ways to have a script run. */
const cores = [
  `<script>${call}</script>`,
  `<ScRiPt src=data:,${call}></ScRiPt>`,
  `<img src onerror=${call}>`,
  `<img/src/onerror=${call}//>`,
  `<svg onload=${call}>`,
  `<svg><script>${call}</script>`,
  `<svg><animate onbegin=${call} dur=1s>`,
  `<svg><a href=javascript:${call}><text>a`,
  `<body onload=${call}>`,
  `<iframe srcdoc="<script>parent.${call}</script>">`,
  `<iframe src=javascript:parent.${call}>`,
  `<object data=javascript:${call}>`,
  `<embed src=javascript:${call}>`,
  `<details open ontoggle=${call}>`,
  `<input autofocus onfocus=${call}>`,
  `<select autofocus onfocus=${call}>`,
  `<video><source onerror=${call}>`,
  `<audio src onerror=${call}>`,
  `<marquee onstart=${call}>`,
  `<a href=javascript:${call}>a</a>`,
  `<form action=javascript:${call}><button>a`,
  `<style onload=${call}></style>`,
  `<math><mtext><img src onerror=${call}>`,
  `<p title="</p><img src onerror=${call}>">`,
  `[a](javascript:${call})`,
  `javascript:${call}`,
  `" autofocus onfocus=${call} a="`,
  `' onmouseover=${call} a='`,
  "${" + call + "}",
  `{{constructor.constructor('${call}')()}}`,
];

/** What may stand around it, to get out of where the text is put. */
const around: ((core: string) => string)[] = [
  (core) => core,
  (core) => `">${core}`,
  (core) => `'>${core}`,
  (core) => `--></style></title></textarea>${core}`,
  (core) => `</script>${core}`,
  (core) => `*${core}*`,
  (core) => `\`${core}\``,
  (core) => `https://a.example/${core}`,
  (core) => core.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (core) => core.replaceAll("<", "\\u003c").replaceAll(">", "%3E"),
];

/** Three hundred of them. */
export const payloads: readonly string[] = around
  .flatMap((wrap) => cores.map(wrap))
  .map((text, at) => text.replaceAll("#", String(at)));

/** groups puts texts together, so that each group has so many bytes at most. */
export function groups(texts: readonly string[], bytes: number): string[][] {
  const made: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1;
    if (size > room) {
      made.push([]);
      room = bytes;
    }
    made.at(-1)!.push(text);
    room -= size;
  }
  return made;
}
