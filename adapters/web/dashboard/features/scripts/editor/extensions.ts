// What the editor is made of.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  snippetCompletion,
  type Completion,
  type CompletionSource,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { linter, lintGutter, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, RangeSetBuilder, StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  WidgetType,
  type DecorationSet,
} from "@codemirror/view";
import { choicesAt, entryAt, type Choice } from "./complete.ts";
import { language } from "./language.ts";
import type { Names } from "./names.ts";
import { phrases } from "./phrases.ts";
import { theme } from "./theme.ts";

/** What a check finds in a source. */
export interface Problem {
  severity: string;
  message: string;
  line: number;
  column?: number;
  length?: number;
}

/** What a dry run has to say: of lines, and the line in which it failed. */
export interface Marks {
  values: ReadonlyMap<number, string>;
  failing: number | null;
}

const kinds: Record<Choice["kind"], string> = {
  hook: "function",
  field: "property",
  module: "namespace",
  function: "function",
  variable: "variable",
  keyword: "keyword",
  snippet: "text",
};

function completionOf({ label, kind, detail, doc, insert, boost }: Choice): Completion {
  const own: Completion = { label, type: kinds[kind], detail, info: doc, boost };
  return insert.includes("${") ? snippetCompletion(insert, own) : { ...own, apply: insert };
}

const completions =
  (names: Names): CompletionSource =>
  ({ state, pos, explicit }) => {
    const found = choicesAt(state.sliceDoc(0, pos), names);
    if (!found) return null;
    const { typed, choices } = found;
    const member = /[.:]$/.test(state.sliceDoc(Math.max(0, pos - typed.length - 1), pos - typed.length));
    if (typed === "" && !member && !explicit) return null;
    return { from: pos - typed.length, options: choices.map(completionOf), validFor: /^\w*$/ };
  };

const hover = (names: Names): Extension =>
  hoverTooltip((view, pos) => {
    const found = entryAt(view.state.doc.toString(), pos, names);
    if (!found) return null;
    const create = () => {
      const dom = document.createElement("div");
      dom.className = "cm-doc";
      const code = dom.appendChild(document.createElement("code"));
      code.textContent = found.entry.signature || found.entry.name;
      dom.appendChild(document.createElement("p")).textContent = found.entry.doc;
      return { dom };
    };
    return { pos: found.from, end: found.to, above: true, create };
  });

/** Where a problem stands; the whole line when the check knows no more. */
export function rangeOf(doc: Text, { line, column = 0, length = 0 }: Problem): { from: number; to: number } {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines));
  const indent = /^\s*/.exec(at.text)![0].length;
  if (column < 1) return { from: at.from + indent, to: at.to };
  const from = Math.min(at.from + column - 1, at.to);
  return { from, to: Math.min(from + Math.max(1, length), at.to) };
}

const diagnosticOf = (doc: Text, problem: Problem): Diagnostic => ({
  ...rangeOf(doc, problem),
  severity: problem.severity === "error" ? "error" : "warning",
  message: problem.message,
});

class Value extends WidgetType {
  constructor(private readonly text: string) {
    super();
  }
  override eq(other: Value): boolean {
    return other.text === this.text;
  }
  override toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "cm-value";
    span.textContent = this.text;
    return span;
  }
}

const setMarks = StateEffect.define<Marks>();
export const marksOf = (marks: Marks) => setMarks.of(marks);

function decorate(doc: Text, { values, failing }: Marks): DecorationSet {
  const set = new RangeSetBuilder<Decoration>();
  for (let number = 1; number <= doc.lines; number++) {
    const text = values.get(number);
    const line = doc.line(number);
    if (number === failing) set.add(line.from, line.from, Decoration.line({ class: "cm-failing" }));
    if (text) set.add(line.to, line.to, Decoration.widget({ widget: new Value(text), side: 1 }));
  }
  return set.finish();
}

/** The marks go with their lines, and go away when the script is changed. */
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setMarks));
    if (set) return decorate(transaction.newDoc, set.value as Marks);
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Mod+Enter, F8 and others belong to the page.
const pages = new Set(["Mod-Enter", "Shift-Mod-k", "Mod-i"]);

export interface Wiring {
  names: Names;
  readonly: boolean;
  label: string;
  /** The id of what explains how one gets out. */
  described: string;
  check(text: string): Promise<readonly Problem[]>;
  changed(text: string): void;
  problems(found: readonly Problem[]): void;
}

/** How a script looks, whether it can be changed or not. */
export const looks = (names: Names): Extension => [
  theme,
  language(names),
  lineNumbers(),
  EditorState.tabSize.of(2),
  indentUnit.of("  "),
  phrases(),
];

export function extensions(wiring: Wiring): Extension[] {
  const { names, readonly } = wiring;
  return [
    looks(names),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    hover(names),
    marked,
    lintGutter({ hoverTime: 200 }),
    linter(
      async ({ state }) => {
        const found = await wiring.check(state.doc.toString());
        wiring.problems(found);
        return found.map((problem) => diagnosticOf(state.doc, problem));
      },
      { delay: 400 },
    ),
    EditorView.contentAttributes.of({
      tabindex: "0",
      "aria-label": wiring.label,
      "aria-describedby": wiring.described,
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) wiring.changed(update.state.doc.toString());
    }),
    readonly
      ? [EditorState.readOnly.of(true), keymap.of([...searchKeymap])]
      : [
          history(),
          closeBrackets(),
          autocompletion({ override: [completions(names)], icons: false, maxRenderedOptions: 60 }),
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...defaultKeymap.filter(({ key }) => !key || !pages.has(key)),
            ...searchKeymap,
            ...historyKeymap,
            indentWithTab,
          ]),
        ],
  ];
}
