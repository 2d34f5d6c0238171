// What the socket needs of a browser, and what the browser tells it.
import type { Api } from "./api.ts";
import type { Connection, Ears, Socket, SocketEnv } from "./socket.ts";
import type { EventPage } from "./stream.ts";

const pageSize = 500;

/** browserSocket connects to the server that the page came from. */
export function browserSocket(api: Api, address: Location = location): SocketEnv {
  const url = `${address.protocol === "https:" ? "wss" : "ws"}://${address.host}/v1/socket`;
  return { ...socketCalls(api), open: (protocols, ears) => openWebSocket(url, protocols, ears) };
}

/** openWebSocket opens a connection by the browser's own means. */
function openWebSocket(url: string, protocols: string[], ears: Ears): Connection {
  const ws = new WebSocket(url, protocols);
  ws.onmessage = (e: MessageEvent<unknown>) => typeof e.data === "string" && ears.heard(e.data);
  ws.onclose = (e) => ears.ended(e.code);
  return ws;
}

/** socketCalls is how a socket gets its ticket, and the events that it missed. */
export const socketCalls = (api: Api): Pick<SocketEnv, "ticket" | "events"> => ({
  ticket: async (signal) => (await api.post<{ ticket: string }>("/v1/socket-tickets", undefined, { signal })).ticket,
  events: (session, after) => readEvents(api, session, after, pageSize),
});

/** readEvents reads a part of a session's log: at most `limit` events after a seq. */
export async function readEvents(api: Api, session: string, after: number, limit: number): Promise<EventPage> {
  const query = { after, limit };
  const page = await api.get<{ data: EventPage["data"] | null; next: number | null }>(
    `/v1/sessions/${session}/events`,
    { query },
  );
  return { data: page.data ?? [], next: page.next };
}

/** listen has the socket look at its connection when the network or the person comes back, until the result is called. */
export function listen(socket: Pick<Socket, "wake" | "check">): () => void {
  const wake = () => socket.wake();
  const doubt = () => socket.check(3_000); // browsers say offline of any machine without a way out
  const seen = () => document.hidden || socket.wake();
  window.addEventListener("online", wake);
  window.addEventListener("offline", doubt);
  document.addEventListener("visibilitychange", seen);
  return () => {
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", doubt);
    document.removeEventListener("visibilitychange", seen);
  };
}
