// The editor's look, from the tokens: they reach into the shadow root, so light and dark follow the page by themselves.
import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": {
    blockSize: "100%",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontSize: "13.5px",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { paddingBlock: "8px 40px", caretColor: "var(--ink)" },
  ".cm-line": { paddingInline: "6px 16px" },
  ".cm-cursor, .cm-dropCursor": { borderInlineStartColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in oklch, var(--hover) 45%, transparent)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface)",
    color: "var(--ink-3)",
    borderInlineEnd: "0",
  },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-lineNumbers .cm-gutterElement": { paddingInline: "14px 4px", fontVariantNumeric: "tabular-nums" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    color: "inherit",
    outline: "1px solid var(--accent-line)",
  },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    color: "var(--hot-ink)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--hover)" },
  ".cm-searchMatch": { backgroundColor: "var(--note)", outline: "1px solid var(--note-line)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)" },
  ".cm-placeholder": { color: "var(--ink-3)" },

  // Problems: a wave of its own for each kind, and a sign in the gutter.
  ".cm-gutter-lint": { inlineSize: "18px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": {
    inlineSize: "16px",
    blockSize: "auto",
    content: "none",
    fontFamily: "var(--font)",
    fontSize: "12px",
    fontWeight: "700",
    lineHeight: "inherit",
    textAlign: "center",
    cursor: "default",
  },
  ".cm-lint-marker-error": { color: "var(--hot-ink)" },
  ".cm-lint-marker-error::before": { content: "'\\2715'" },
  ".cm-lint-marker-warning": { color: "var(--warm-ink)" },
  ".cm-lint-marker-warning::before": { content: "'!'" },
  ".cm-lintRange": { paddingBlockEnd: "1px", backgroundImage: "none !important" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--hot)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { textDecoration: "underline dashed var(--warm)", textUnderlineOffset: "3px" },
  ".cm-lintRange-active": { backgroundColor: "var(--hover)" },
  ".cm-lintPoint::after": { display: "none" },

  // What a dry run found.
  ".cm-value": { marginInlineStart: "20px", color: "var(--ink-3)", fontStyle: "normal", fontSize: "12px" },
  ".cm-value::before": { content: "'→ '" },
  ".cm-failing": {
    boxShadow: "inset 3px 0 0 var(--hot)",
    backgroundColor: "color-mix(in oklch, var(--hot) 9%, transparent)",
  },

  // What floats.
  ".cm-tooltip": {
    border: "1px solid var(--line)",
    borderRadius: "8px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    boxShadow: "var(--shadow)",
    fontFamily: "var(--font)",
    fontSize: "13px",
    lineHeight: "1.45",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    padding: "4px",
    maxBlockSize: "15em",
    fontFamily: "var(--font-mono)",
    fontSize: "12.5px",
    minInlineSize: "220px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", borderRadius: "5px", lineHeight: "1.4" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--hover)",
    color: "var(--ink)",
  },
  ".cm-completionDetail": { marginInlineStart: "12px", color: "var(--ink-3)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo": { maxInlineSize: "300px", padding: "8px 10px", overflow: "visible" },
  ".cm-diagnostic": { padding: "6px 10px", borderInlineStart: "0", marginInlineStart: "0" },
  ".cm-diagnostic-error": { color: "var(--hot-ink)" },
  ".cm-diagnostic-warning": { color: "var(--warm-ink)" },
  ".cm-doc": { maxInlineSize: "420px", padding: "8px 10px" },
  ".cm-doc code": { display: "block", fontFamily: "var(--font-mono)", fontSize: "12.5px", overflowWrap: "anywhere" },
  ".cm-doc p": { margin: "4px 0 0", color: "var(--ink-2)" },

  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", fontFamily: "var(--font)" },
  ".cm-panels.cm-panels-top": { borderBlockEnd: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "8px 12px", fontSize: "13px" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", fontSize: "13px" },
  ".cm-textfield": {
    minBlockSize: "28px",
    border: "1px solid var(--line-2)",
    borderRadius: "5px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontFamily: "inherit",
    fontSize: "13px",
  },
  ".cm-button": {
    minBlockSize: "28px",
    border: "1px solid var(--line-2)",
    borderRadius: "5px",
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontFamily: "inherit",
    fontSize: "13px",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink-2)", minInlineSize: "24px", minBlockSize: "24px" },
  ":is(button, input, .cm-content):focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-content:focus-visible": { outline: "none" },

  // Two versions beside or in each other.
  ".cm-changedLine, .cm-inlineChangedLine": {
    backgroundColor: "color-mix(in oklch, var(--ok) 11%, transparent) !important",
  },
  ".cm-changedText, .cm-insertedLine .cm-changedText": {
    background: "color-mix(in oklch, var(--ok) 26%, transparent) !important",
  },
  ".cm-deletedChunk, &.cm-merge-a .cm-changedLine": {
    backgroundColor: "color-mix(in oklch, var(--hot) 10%, transparent) !important",
  },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: "color-mix(in oklch, var(--hot) 24%, transparent) !important",
  },
  ".cm-deletedLine, .cm-deletedLine del": { textDecoration: "none" },
  ".cm-changeGutter": { inlineSize: "16px", paddingInlineStart: "0" },
  ".cm-changedLineGutter, .cm-deletedLineGutter, &.cm-merge-a .cm-changedLineGutter": {
    background: "none !important",
    textAlign: "center",
    color: "var(--ink-2)",
  },
  ".cm-changedLineGutter::before": { content: "'+'" },
  ".cm-deletedLineGutter::before": { content: "'\\2212'" },
  "&.cm-merge-a .cm-changedLineGutter::before": { content: "'\\2212'" },
  ".cm-collapsedLines": {
    background: "var(--sunken)",
    color: "var(--ink-3)",
    fontFamily: "var(--font)",
    fontSize: "12px",
  },
});

/** The theme reaches what is inside of an editor; this is for what stands around it in the shadow root. */
export const frame = `
  :host { display: block; position: relative; min-block-size: 0; }
  .place, .cm-mergeView { block-size: 100%; }
  .cm-mergeView { overflow: auto; background: var(--surface); }
  .cm-mergeViewEditors { min-block-size: 100%; }
  .cm-mergeViewEditor + .cm-mergeViewEditor { border-inline-start: 1px solid var(--line); }
  .hint { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  * { scrollbar-color: var(--line-2) transparent; scrollbar-width: thin; box-sizing: border-box; }
`;
