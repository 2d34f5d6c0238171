import type { ToFrame, ToLoader, Welcome } from "./wire.ts";

/** How long the chat may take to knock once its frame has loaded. */
const patience = 3000;

/**
 * makeFrame gives the frame with the chat. The two find each other by a nonce that only they know: the chat knocks
 * with it, from the frame's window and the server's origin, and gets a channel that no other window hears. What is
 * said before that is lost, since the welcome tells how everything stands. `refused` is called when something else
 * than the chat has loaded: the server is away, or does not let this page show it.
 */
export function makeFrame(
  server: string,
  title: string,
  welcome: () => Promise<Omit<Welcome, "baton">>,
  hear: (message: ToLoader) => void,
  refused: () => void,
) {
  const baton = crypto.getRandomValues(new Uint32Array(4)).join("");
  const element = document.createElement("iframe");
  let port: MessagePort | undefined;
  let knocked = false;
  let timer: number;

  const knock = async (e: MessageEvent) => {
    if (e.source !== element.contentWindow || e.origin !== server || e.data?.baton !== baton) return;
    knocked = true;
    clearTimeout(timer);
    const word = { ...(await welcome()), baton };
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port.onmessage = (m) => hear(m.data);
    element.contentWindow?.postMessage(word, server, [port2]);
  };
  addEventListener("message", knock);
  element.title = title;
  element.allow = "autoplay;clipboard-write";
  element.onload = () => {
    if (!knocked) timer = window.setTimeout(refused, patience);
  };
  element.src = `${server}/widget/#${baton}&${origin}`;

  return {
    element,
    say: (message: ToFrame) => port?.postMessage(message),
    remove() {
      removeEventListener("message", knock);
      clearTimeout(timer);
      element.remove();
    },
  };
}
