/**
 * The script by which a page shows the chat:
 *
 *   <script src="https://chat.example.com/widget.js" async data-title="Parcel help" data-colour="#1c4f60"></script>
 *
 * It draws the launcher and puts `Baton` on the window. Nothing more is loaded until the visitor points at the
 * launcher, the chat opens, the page asks for the visitor's id, or a chat goes on from the page before. A page that
 * calls before the script is there pushes functions: `(window.Baton ??= []).push((baton) => baton.open())`.
 */
import type { BatonAPI, Early, Identity, Listener } from "./api.ts";
import { makeFrame } from "./frame.ts";
import { makeLauncher, phone } from "./launcher.ts";
import { read, write, type Memory } from "./store.ts";
import type { Appearance, Facts, Happening, Page, ToLoader } from "./wire.ts";
import { wordsFor } from "./words.ts";

const host = window as { Baton?: BatonAPI | Early[] };
const script = document.currentScript as HTMLScriptElement;

/** Somebody who waits for the visitor's id; one who vouched for him hears of a refusal too. */
type Waiting = [resolve: (customer: string) => void, reject: (e: Error) => void, vouches?: boolean];

function start(server: string, look: Appearance): BatonAPI {
  const key = `baton:${server}`;
  const launcher = makeLauncher(look, wordsFor(look.lang!), () => turn(!open, true));
  let memory = read(key);
  let listeners: [Happening, Listener][] = [];
  let waiting: Waiting[] = [];
  let frame: ReturnType<typeof makeFrame> | undefined;
  let open = false;
  let focus = false;
  let customer: string | undefined;
  let facts: Facts = {};
  let identity: Identity | undefined;
  let before: Element | null;

  const page = (): Page => ({ url: origin + location.pathname, title: document.title });
  const token = () => (typeof identity === "function" ? identity() : identity);
  const visitor = (vouches?: boolean) => new Promise<string>((yes, no) => waiting.push([yes, no, vouches]));

  /** flush answers all who wait. */
  const flush = (answer: (one: Waiting) => void) => {
    waiting.forEach(answer);
    waiting = [];
  };

  /** tell calls the page's listeners, each by itself: what one throws is its own matter. */
  const tell = (name: Happening, detail?: unknown) =>
    listeners.forEach(([wanted, listener]) => wanted === name && queueMicrotask(() => listener(detail)));

  /** load brings in the frame, unless it is there. */
  const load = () => {
    if (frame) return;
    const welcome = async () => {
      const identity = await token();
      return { look, kept: memory.chat, lasting: keep({}), open, focus, facts, page: page(), identity };
    };
    frame = makeFrame(server, look.title ?? "Chat", welcome, hear, refused);
    launcher.hold(frame.element);
  };

  /** drop takes the frame away; whatever needs it next brings a new one. */
  const drop = () => {
    frame?.remove();
    frame = customer = undefined;
    launcher.count(0);
  };

  const refused = () => {
    console.warn(`Baton: no chat from ${server}. Is ${origin} in its widget.origins?`);
    drop();
    launcher.fail();
    flush(([, reject]) => reject(Error("no chat")));
  };

  const hear = (message: ToLoader) => {
    const { type } = message;
    if (type === "ready") {
      const { refusal } = message;
      customer = message.customer;
      if (refusal) console.warn("Baton: " + refusal);
      flush(([resolve, reject, vouches]) => (vouches && refusal ? reject(Error(refusal)) : resolve(customer!)));
      tell(type, { customer });
    } else if (type === "keep") keep({ chat: message.kept });
    else if (type === "show") turn(message.open, !message.open);
    else {
      if (message.name === "unread") launcher.count(message.detail.count as number);
      tell(message.name, message.detail);
    }
  };

  const keep = (part: Memory) => write(key, (memory = { ...memory, ...part }));

  /**
   * turn opens or closes the chat, and remembers it for the next page. The focus goes with a visitor who asked: into
   * the chat, and back from it. A frame of another site may have the focus before this page has heard of it.
   */
  const turn = (to: boolean, asked = false) => {
    if (to) load();
    if (open === to) return;
    open = to;
    focus = to && asked;
    keep({ open });
    launcher.show(open);
    const { activeElement } = document;
    if (focus) {
      before = activeElement;
      frame!.element.focus();
    } else if (asked || activeElement === launcher.host) {
      (look.launcher ? (before as HTMLElement | null) : launcher.button)?.focus();
    }
    frame?.say({ type: "shown", open, focus, page: page() });
    tell(open ? "open" : "close");
  };

  const forgotten = () => {
    turn(false);
    customer = undefined;
    frame?.say({ type: "kept", kept: null });
  };

  launcher.button.onpointerenter = launcher.button.onfocus = load;
  launcher.host.onkeydown = (e) => {
    if (e.key === "Escape") turn(false);
  };
  addEventListener("storage", (e) => {
    if (e.key && e.key !== key) return;
    memory = read(key);
    const kept = memory.chat;
    if (!kept) forgotten();
    else if (frame) frame.say({ type: "kept", kept });
    else if (kept.live) load();
  });
  if (memory.chat?.live) load();
  if (memory.open && innerWidth > phone) turn(true);

  return {
    open: () => turn(true, true),
    close: () => turn(false),
    async visitor() {
      load();
      if (customer) return customer;
      frame!.say({ type: "visitor" });
      return visitor();
    },
    async identify(to) {
      identity = to;
      const answer = visitor(true);
      if (frame) frame.say({ type: "identity", token: await token()! });
      return answer;
    },
    context(to) {
      facts = to;
      frame?.say({ type: "facts", facts });
    },
    on(event, listener) {
      listeners.push([event, listener]);
      if (event === "ready" && customer) listener({ customer });
    },
    off(event, listener) {
      listeners = listeners.filter(([name, one]) => name !== event || one !== listener);
    },
    forget() {
      forgotten();
      identity = undefined;
      facts = {};
      keep({ chat: null });
    },
    push: (...calls) => calls.forEach((call) => call(host.Baton as BatonAPI)),
  };
}

const begin = () => {
  const early = host.Baton ?? [];
  if (!Array.isArray(early)) return; // included twice
  const { dataset } = script;
  const lang = dataset.lang || document.documentElement.lang || navigator.language;
  const baton = (host.Baton = start(new URL(script.src).origin, { ...dataset, lang }));
  baton.push(...early);
};

if (document.body) begin();
else addEventListener("DOMContentLoaded", begin);
