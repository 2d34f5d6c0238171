// Every key of the dashboard in one table, and what hears it. No key has two meanings where both could be meant.
import { keyMap, type Action, type Binding, type Scope } from "./keymap.ts";

/** The part of a KeyboardEvent that we look at. */
export interface KeyEvent {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  isComposing?: boolean;
  keyCode?: number;
  repeat?: boolean;
  defaultPrevented?: boolean;
  target: unknown;
  /** What the key was pressed in, from the inside: the first may stand in a shadow root. */
  composedPath?(): unknown[];
  preventDefault(): void;
}

export interface Pressed {
  event: KeyEvent;
  /** The digit, for keys that stand for a number. */
  digit: number;
}

/** A handler that gives false has not used the key: it means to the page what it always means. */
export type Handler = (pressed: Pressed) => unknown;

export interface KeyboardOptions {
  mac: boolean;
  /** Whether keys without Ctrl, Alt or Meta do something outside of fields. */
  singleKeys: () => boolean;
  now?: () => number;
}

const sequenceWithin = 1_500;

export class Keyboard {
  private readonly handlers = new Map<Action, Handler[]>();
  private readonly scopes: { scope: Scope }[] = [];
  private begun: { key: string; at: number } | null = null;

  constructor(private readonly options: KeyboardOptions) {}

  /** on has a handler called for an action's keys; the one that came last is asked first. */
  on(action: Action, handler: Handler): () => void {
    this.handlers.set(action, [...(this.handlers.get(action) ?? []), handler]);
    return () => {
      const left = (this.handlers.get(action) ?? []).filter((h) => h !== handler);
      this.handlers.set(action, left);
    };
  }

  /** enter puts the keys of a scope in front of those outside, for a menu or dialog, until the result is called. */
  enter(scope: Scope): () => void {
    const entered = { scope };
    this.scopes.push(entered);
    return () => {
      const at = this.scopes.indexOf(entered);
      if (at >= 0) this.scopes.splice(at, 1);
    };
  }

  /** handle does what a key is for, and says whether it was used. Keys that compose a character are left alone. */
  handle(event: KeyEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.key === "Process") return false;
    const stroke = strokeOf(event, this.options.mac);
    if (stroke === null) return false;
    const sequence = this.sequence(stroke);
    for (const wanted of sequence ? [`${sequence} ${stroke}`, stroke] : [stroke]) {
      const used = this.candidates(event, wanted).some((binding) => this.act(binding, event));
      if (!used) continue;
      this.begun = null;
      event.preventDefault();
      return true;
    }
    this.begin(stroke, event);
    return false;
  }

  private act(binding: Binding, event: KeyEvent): boolean {
    if (event.repeat && !binding.repeats) return false;
    const handlers = this.handlers.get(binding.id) ?? [];
    return handlers.toReversed().some((handler) => handler({ event, digit: digitOf(event) }) !== false);
  }

  private candidates(event: KeyEvent, stroke: string): Binding[] {
    return this.heard(event).filter((binding) => binding.keys.some((key) => expand(key).includes(stroke)));
  }

  /** heard gives the bindings that the place where a key was pressed allows. */
  private heard(event: KeyEvent): Binding[] {
    const scope = this.scopes.at(-1)?.scope ?? (isInLayer(event.target) ? "dialog" : "outside");
    const typing = isField(event.composedPath?.()[0] ?? event.target);
    return keyMap.filter((binding) => {
      if (binding.scope === "anywhere") return true;
      if (binding.scope !== scope) return false;
      if (binding.scope !== "outside") return !typing || !binding.keys.some(isCharacter);
      return !typing && (this.options.singleKeys() || !binding.keys.every(isSingle));
    });
  }

  private sequence(stroke: string): string | null {
    const begun = this.begun;
    this.begun = null;
    return begun && begun.key !== stroke && this.now() - begun.at < sequenceWithin ? begun.key : null;
  }

  private begin(stroke: string, event: KeyEvent): void {
    const begins = this.heard(event).some((binding) => binding.keys.some((key) => key.startsWith(`${stroke} `)));
    if (begins) this.begun = { key: stroke, at: this.now() };
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

/** strokesOf gives all strokes of the table that a binding hears, written out. */
export const strokesOf = (binding: Binding): string[] => binding.keys.flatMap(expand);

/** keysOf names an action's keys as they are printed on keyboards, for tooltips: "C", "Ctrl+K", "⌘K". */
export function keysOf(action: Action, mac: boolean): string[] {
  return (keyMap.find((binding) => binding.id === action)?.keys ?? []).map((key) => printed(key, mac));
}

/** printed writes a key of the table as people know it. */
export function printed(key: string, mac: boolean): string {
  const names: Record<string, string> = mac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧", Ctrl: "⌃" }
    : { Mod: "Ctrl", Alt: "Alt", Shift: "Shift", Ctrl: "Ctrl" };
  const arrows: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", Enter: "↵", Escape: "Esc", Digit: "1–9" };
  return key
    .split(" ")
    .map((stroke) =>
      stroke
        .split("+")
        .map((part) => names[part] ?? arrows[part] ?? part)
        .join(mac ? "" : "+"),
    )
    .join(" ");
}

/** expand writes a key of the table out as strokes: Digit stands for 1 to 9. */
function expand(key: string): string[] {
  if (!key.includes("Digit")) return [key];
  return Array.from({ length: 9 }, (_, i) => key.replace("Digit", String(i + 1)));
}

/**
 * strokeOf writes an event as the table does. Letters and signs are what the layout makes of the key; digits are where
 * they stand, because many layouts have them behind Shift.
 */
export function strokeOf(event: KeyEvent, mac: boolean): string | null {
  if (["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead", "Unidentified"].includes(event.key)) return null;
  const letter = /^\p{L}$/u.test(event.key);
  const sign = event.key.length === 1 && !letter && !/\d/.test(event.key);
  // Many layouts make signs with AltGr, which is Ctrl and Alt at once, or with Option on a Mac.
  if (sign && event.altKey && (event.ctrlKey || mac)) return event.key;
  const digit = digitOf(event);
  const name = digit > 0 && !(sign && event.shiftKey) ? String(digit) : letter ? event.key.toUpperCase() : event.key;
  const [mod, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  const shift = event.shiftKey && !sign && name !== String(digit);
  return [mod && "Mod", other && "Ctrl", event.altKey && "Alt", shift && "Shift", name].filter(Boolean).join("+");
}

function digitOf(event: KeyEvent): number {
  const found = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return found ? Number(found[1]) : 0;
}

const isCharacter = (key: string): boolean => /^(?:Shift\+)?.$/u.test(key) || key === "Digit";

/** isSingle says whether a key of the table is a character, which can be spoken or hit by accident. */
export const isSingle = (key: string): boolean => key.split(" ").every(isCharacter);

/** isInLayer says whether what has the focus is in a menu or dialog, whose own letters count there. */
function isInLayer(target: unknown): boolean {
  const element = target as { closest?: (selector: string) => unknown } | null;
  return Boolean(element?.closest?.("[role=menu], [role=listbox], [role=dialog], [role=alertdialog]"));
}

/** isField says whether what has the focus takes characters. */
function isField(target: unknown): boolean {
  const element = target as { tagName?: string; type?: string; isContentEditable?: boolean } | null;
  switch (element?.tagName?.toLowerCase()) {
    case "textarea":
    case "select":
      return true;
    case "input":
      return !["checkbox", "radio", "button", "submit", "range", "file", "color"].includes(element?.type ?? "text");
  }
  return element?.isContentEditable === true;
}
