// The text of a message as a tree: *bold*, _italic_, `code` and links. It is never HTML, and a link leads to http, https
// or mail only. The time it takes grows with the length of the text and nothing else.

export type RichNode =
  | { kind: "text"; text: string }
  | { kind: "break" }
  | { kind: "bold" | "italic"; nodes: RichNode[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; text: string; host: string };

const markers = { "*": "bold", _: "italic" } as const;
type Marker = keyof typeof markers;

const schemes = ["http:", "https:", "mailto:"];
const linkStart = /(?:https?:\/\/|mailto:)[^\s<>"`]{1,2048}/iy;
const trailing = ".,;:!?'*_~)]}…";
const word = /[\p{L}\p{N}]/u;

/** safeHref gives an address that may be followed, or null: javascript:, data: and the like lead nowhere. */
export function safeHref(url: string): string | null {
  try {
    const parsed = new URL(url);
    return schemes.includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** hostOf is what a link shows of where it leads. */
export function hostOf(url: string): string {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "mailto:" ? parsed.pathname : parsed.host;
  } catch {
    return "";
  }
}

/** rich reads the text of a message. */
export function rich(text: string): RichNode[] {
  const nodes: RichNode[] = [];
  text.split(/\r\n|\r|\n/u).forEach((line, i) => {
    if (i > 0) nodes.push({ kind: "break" });
    nodes.push(...new Line(line).read());
  });
  return nodes;
}

class Line {
  private at = 0;
  private plainFrom = 0;
  private readonly nodes: RichNode[] = [];
  /** Markers of which no end was found; there is none further on either. */
  private readonly endless = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly within = "",
  ) {}

  read(): RichNode[] {
    while (this.at < this.text.length) {
      const found = this.code() ?? this.link() ?? this.emphasis();
      if (!found) this.at++;
      else this.take(found.node, found.end);
    }
    this.flush();
    return this.nodes;
  }

  private take(node: RichNode, end: number): void {
    this.flush();
    this.nodes.push(node);
    this.at = this.plainFrom = end;
  }

  private flush(): void {
    if (this.at > this.plainFrom) this.nodes.push({ kind: "text", text: this.text.slice(this.plainFrom, this.at) });
  }

  private code(): { node: RichNode; end: number } | null {
    if (this.text[this.at] !== "`" || this.endless.has("`")) return null;
    const end = this.text.indexOf("`", this.at + 1);
    if (end < 0) this.endless.add("`");
    if (end <= this.at + 1) return null;
    return { node: { kind: "code", text: this.text.slice(this.at + 1, end) }, end: end + 1 };
  }

  private link(): { node: RichNode; end: number } | null {
    if (!/[hm]/iu.test(this.text[this.at]!) || word.test(this.text[this.at - 1] ?? "")) return null;
    linkStart.lastIndex = this.at;
    const found = linkStart.exec(this.text)?.[0];
    if (!found) return null;
    const shown = withoutTail(found);
    const href = safeHref(shown);
    const host = href && hostOf(href);
    if (!href || !host) return null;
    return { node: { kind: "link", href, text: shown, host }, end: this.at + shown.length };
  }

  private emphasis(): { node: RichNode; end: number } | null {
    const marker = this.text[this.at]!;
    if (!isMarker(marker) || this.within.includes(marker) || this.endless.has(marker)) return null;
    if (word.test(this.text[this.at - 1] ?? "") || /[\s*_]|^$/u.test(this.text[this.at + 1] ?? "")) return null;
    const end = this.closing(marker);
    if (end < 0) return null;
    const inner = new Line(this.text.slice(this.at + 1, end), this.within + marker).read();
    return { node: { kind: markers[marker], nodes: inner }, end: end + 1 };
  }

  /** closing finds where an emphasis ends: behind a character and before the end of a word. */
  private closing(marker: Marker): number {
    for (let i = this.text.indexOf(marker, this.at + 2); i > 0; i = this.text.indexOf(marker, i + 1)) {
      if (!/\s/u.test(this.text[i - 1]!) && !word.test(this.text[i + 1] ?? "")) return i;
    }
    this.endless.add(marker);
    return -1;
  }
}

const isMarker = (c: string): c is Marker => c in markers;

/** withoutTail takes off what ends the sentence and not the address; a bracket that the address opened stays. */
function withoutTail(url: string): string {
  let end = url.length;
  while (trailing.includes(url[end - 1] ?? " ")) end--;
  const cut = url.slice(0, end);
  const opened = cut.split("(").length - cut.split(")").length;
  return opened > 0 && url[cut.length] === ")" ? `${cut})` : cut;
}
