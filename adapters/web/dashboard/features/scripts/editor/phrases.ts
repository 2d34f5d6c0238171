// What CodeMirror says by itself, in our words.
import { EditorState } from "@codemirror/state";
import { t } from "../../../../shared/i18n.ts";

export const phrases = () =>
  EditorState.phrases.of({
    Find: t("scripts.find"),
    next: t("scripts.find_next"),
    previous: t("scripts.find_previous"),
    all: t("scripts.find_all"),
    "match case": t("scripts.find_case"),
    "by word": t("scripts.find_word"),
    regexp: t("scripts.find_regexp"),
    Replace: t("scripts.replace"),
    replace: t("scripts.replace_one"),
    "replace all": t("scripts.replace_all"),
    close: t("common.close"),
    "current match": t("scripts.find_current"),
    "on line": t("scripts.find_line"),
    Completions: t("scripts.completions"),
    "$ unchanged lines": t("scripts.unchanged"),
  });
