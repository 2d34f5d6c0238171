import { describe, expect, test, vi } from "vitest";
import { isSingle, Keyboard, keysOf, printed, strokeOf, strokesOf, type KeyEvent } from "./keyboard.ts";
import { keyMap, type Binding, type Scope } from "./keymap.ts";

const field = { tagName: "TEXTAREA" };

function press(key: string, more: Partial<KeyEvent> = {}): KeyEvent {
  return {
    key,
    code: /^\d$/u.test(key) ? `Digit${key}` : "",
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    target: null,
    preventDefault: vi.fn(),
    ...more,
  };
}

function board(options: { singleKeys?: boolean; mac?: boolean } = {}) {
  let now = 0;
  const keyboard = new Keyboard({
    mac: options.mac ?? false,
    singleKeys: () => options.singleKeys ?? true,
    now: () => now,
  });
  const heard: string[] = [];
  for (const { id } of keyMap) keyboard.on(id, ({ digit }) => void heard.push(digit ? `${id} ${digit}` : id));
  return {
    keyboard,
    heard,
    wait: (ms: number) => (now += ms),
    press: (...p: Parameters<typeof press>) => keyboard.handle(press(...p)),
  };
}

describe("the table of keys", () => {
  /** Where both of two scopes can be heard at once. */
  const together = (a: Scope, b: Scope) => a === b || a === "anywhere" || b === "anywhere";

  const elsewhere = (a: Binding, b: Binding) => Boolean(a.page && b.page && a.page !== b.page);

  test("gives no key two meanings where both could be meant", () => {
    const clashes: string[] = [];
    const all = keyMap.flatMap((binding) => strokesOf(binding).map((stroke) => ({ binding, stroke })));
    for (const [i, a] of all.entries()) {
      for (const b of all.slice(i + 1)) {
        if (a.stroke === b.stroke && together(a.binding.scope, b.binding.scope) && !elsewhere(a.binding, b.binding)) {
          clashes.push(`${a.stroke} is ${a.binding.id} and ${b.binding.id}`);
        }
      }
    }
    expect(clashes).toEqual([]);
  });

  test("has no key that does something by itself and begins another", () => {
    const strokes = new Set(keyMap.flatMap((binding) => binding.keys));
    const begun = [...strokes].filter((key) => key.includes(" ")).map((key) => key.split(" ")[0]!);
    expect(begun.filter((key) => strokes.has(key))).toEqual([]);
  });

  test("names each action once", () => {
    const ids = keyMap.map((binding) => binding.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("leaves alone what browsers and readers keep for themselves", () => {
    const taken = [
      "Mod+W",
      "Mod+T",
      "Mod+N",
      "Mod+R",
      "Mod+L",
      "Mod+F",
      "Mod+C",
      "Mod+V",
      "Mod+X",
      "Mod+A",
      "Alt+Digit",
      "F6",
    ];
    expect(keyMap.flatMap((b): readonly string[] => b.keys).filter((key) => taken.includes(key))).toEqual([]);
  });

  test("takes Tab from nobody who is not in a list", () => {
    const tabs = keyMap.filter((binding: Binding) => binding.keys.includes("Tab"));
    expect(tabs.map((binding) => binding.scope)).toEqual(["quickreplies"]);
  });
});

describe("a key", () => {
  test("outside of fields does what the table says, and nothing more", () => {
    const b = board();
    const event = press("c");
    expect(b.keyboard.handle(event)).toBe(true);
    expect(event.preventDefault).toHaveBeenCalled();
    b.press("C", { shiftKey: true });
    b.press("#");
    b.press("?", { shiftKey: true });
    expect(b.press("q")).toBe(false);
    expect(b.heard).toEqual(["chat.take", "chat.take_next", "chat.tag", "help"]);
  });

  test("in a field is a character", () => {
    const b = board();
    for (const key of ["c", "1", "/", "?", "Enter"]) expect(b.press(key, { target: field })).toBe(false);
    b.press("k", { target: field, ctrlKey: true });
    b.press("Enter", { target: field, ctrlKey: true });
    b.press("Escape", { target: field });
    expect(b.heard).toEqual(["palette.open", "composer.send", "close"]);
  });

  test("in a field that stands in a shadow root is a character too", () => {
    const b = board();
    const inside = { tagName: "DIV", isContentEditable: true };
    const composedPath = () => [inside, { tagName: "DIV" }];
    for (const key of ["c", "j", "g", "?"])
      expect(b.press(key, { target: { tagName: "DIV" }, composedPath })).toBe(false);
    expect(b.heard).toEqual([]);
  });

  test("with Ctrl is not the key without it", () => {
    const b = board();
    expect(b.press("c", { ctrlKey: true })).toBe(false);
    expect(b.press("e", { altKey: true })).toBe(false);
    expect(b.heard).toEqual([]);
  });

  test("of a letter goes by the letter, of a digit by its place", () => {
    const b = board();
    b.press("c", { code: "KeyJ" }); // another layout
    b.press("&", { code: "Digit1" }); // a French one
    b.press("4", { code: "Digit4" });
    b.press("7", { code: "Numpad7" });
    expect(b.heard).toEqual(["chat.take", "chat.nth 1", "chat.nth 4", "chat.nth 7"]);
  });

  test("that makes a sign behind Shift is that sign, also where a digit stands", () => {
    const b = board();
    b.press("#", { code: "Digit3", shiftKey: true });
    b.press("/", { code: "Digit7", shiftKey: true });
    b.press("#", { code: "Digit3", altKey: true, ctrlKey: true }); // AltGr
    expect(b.heard.map((heard) => heard.split(" ")[0])).toEqual(["chat.tag", "search", "chat.tag"]);
  });

  test("that composes a character is left to the keyboard of the script", () => {
    const b = board();
    expect(b.press("Enter", { isComposing: true, ctrlKey: true })).toBe(false);
    expect(b.press("Enter", { keyCode: 229 })).toBe(false);
    expect(b.press("Process")).toBe(false);
    expect(b.heard).toEqual([]);
  });

  test("that somebody else has used is left alone", () => {
    const b = board();
    expect(b.press("Escape", { defaultPrevented: true })).toBe(false);
  });

  test("that is held down repeats only where that is meant", () => {
    const b = board();
    b.press("j", { repeat: true });
    b.press("e", { repeat: true });
    expect(b.heard).toEqual(["list.next"]);
  });

  test("is Command on a Mac", () => {
    const b = board({ mac: true });
    b.press("k", { metaKey: true });
    expect(b.press("k", { ctrlKey: true })).toBe(false);
    expect(b.heard).toEqual(["palette.open"]);
  });
});

describe("two keys after each other", () => {
  test("go somewhere", () => {
    const b = board();
    b.press("g");
    b.press("t");
    expect(b.heard).toEqual(["go.team"]);
  });

  test("are two keys when they come too late", () => {
    const b = board();
    b.press("g");
    b.wait(2_000);
    b.press("t");
    expect(b.heard).toEqual(["chat.transfer"]);
  });

  test("are the second alone when the first begins nothing with it", () => {
    const b = board();
    b.press("g");
    b.press("e");
    expect(b.heard).toEqual(["chat.end"]);
  });
});

describe("keys without Ctrl", () => {
  test("can be switched off, and the others stay", () => {
    const b = board({ singleKeys: false });
    for (const key of ["c", "e", "?", "1", "#"]) expect(b.press(key)).toBe(false);
    b.press("g");
    b.press("i");
    b.press("Enter");
    b.press("ArrowDown", { altKey: true });
    expect(b.heard).toEqual(["list.open", "chat.next"]);
  });

  test("are those that can be typed by accident", () => {
    expect(["C", "Shift+C", "#", "Digit", "G I"].every(isSingle)).toBe(true);
    expect(["Mod+K", "Enter", "Escape", "Alt+ArrowUp", "Shift+F10"].some(isSingle)).toBe(false);
  });
});

describe("what lies in front", () => {
  test("hears its keys instead of those outside", () => {
    const b = board();
    const leave = b.keyboard.enter("enddialog");
    b.press("1");
    b.press("e");
    b.press("Escape");
    leave();
    b.press("1");
    expect(b.heard).toEqual(["end.outcome 1", "close", "chat.nth 1"]);
  });

  test("may lie in front of something else", () => {
    const b = board();
    const leaveDialog = b.keyboard.enter("enddialog");
    const leavePalette = b.keyboard.enter("palette");
    leaveDialog();
    b.press("Enter");
    leavePalette();
    b.press("Enter");
    expect(b.heard).toEqual(["palette.choose", "list.open"]);
  });

  test("hears keys of a list also in the field beneath it", () => {
    const b = board();
    b.keyboard.enter("quickreplies");
    b.press("ArrowDown", { target: field });
    b.press("Tab", { target: field });
    expect(b.heard).toEqual(["quickreplies.next", "quickreplies.insert"]);
  });

  test("keeps those outside asleep when it is only a menu or dialog that has the focus", () => {
    const b = board();
    const target = { tagName: "BUTTON", closest: (what: string) => (what.includes("[role=dialog]") ? {} : null) };
    expect(b.press("e", { target })).toBe(false);
    b.press("Escape", { target });
    expect(b.heard).toEqual(["close"]);
  });
});

describe("whoever hears", () => {
  test("is asked first when he came last, and may let the key pass", () => {
    const keyboard = new Keyboard({ mac: false, singleKeys: () => true });
    const heard: string[] = [];
    keyboard.on("close", () => void heard.push("leave the panel"));
    const off = keyboard.on("close", () => {
      heard.push("nothing to close");
      return false;
    });
    keyboard.handle(press("Escape"));
    off();
    keyboard.handle(press("Escape"));
    expect(heard).toEqual(["nothing to close", "leave the panel", "leave the panel"]);
  });

  test("and lets it pass leaves it to the page", () => {
    const keyboard = new Keyboard({ mac: false, singleKeys: () => true });
    keyboard.on("list.open", () => false);
    const event = press("Enter");
    expect(keyboard.handle(event)).toBe(false);
    expect(event.preventDefault).not.toHaveBeenCalled();
  });
});

test("keys are printed as they stand on keyboards", () => {
  expect(keysOf("palette.open", false)).toEqual(["Ctrl+K"]);
  expect(keysOf("palette.open", true)).toEqual(["⌘K"]);
  expect(keysOf("chat.next", false)).toEqual(["Alt+↓"]);
  expect(keysOf("go.inbox", true)).toEqual(["G I"]);
  expect(printed("Digit", false)).toBe("1–9");
  expect(strokeOf(press("Shift"), false)).toBeNull();
});
