// What a program says to the server: bots, and people in so far as a test does not look at their screens.
import { setTimeout } from "node:timers/promises";

/** A refusal of the server. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
    what: string,
  ) {
    super(`${what}: ${status} ${body}`);
  }
}

export interface Row {
  id: string;
  status: string;
  seq: number;
  subject?: string;
  agent: { id: string; name: string } | null;
  position: number | null;
  rating: { score: number; comment?: string } | null;
  [field: string]: unknown;
}

export interface SessionEvent {
  type: string;
  at: string;
  actor: { role: string; id: string; name: string };
  data: Record<string, unknown> & { text?: string; client_id?: string; author?: { role: string; name: string } };
}

export interface EventRow {
  seq: number;
  prev: number;
  event: SessionEvent;
}

/** Calls speaks with the server as one caller. */
export class Calls {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  get<T = Row>(path: string): Promise<T> {
    return this.call("GET", path);
  }

  post<T = Row>(path: string, body: unknown = {}): Promise<T> {
    return this.call("POST", path, body);
  }

  put<T = unknown>(path: string, body?: unknown): Promise<T> {
    return this.call("PUT", path, body);
  }

  patch<T = Row>(path: string, body: unknown): Promise<T> {
    return this.call("PATCH", path, body);
  }

  /** say posts a message. */
  say(session: string, text: string, more: object = {}): Promise<{ id: string; seq: number }> {
    return this.post(`/v1/sessions/${session}/messages`, { client_id: crypto.randomUUID(), text, ...more });
  }

  /** upload attaches a file to a session; it is sent with a message later. */
  upload(session: string, name: string, content: Buffer, type: string): Promise<{ id: string; name: string }> {
    const form = new FormData();
    form.set("session", session);
    form.set("file", new Blob([new Uint8Array(content)], { type }), name);
    return this.call("POST", "/v1/attachments", form);
  }

  /** events gives all of a session that this caller may see. */
  async events(session: string): Promise<EventRow[]> {
    const all: EventRow[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { data: EventRow[]; next: number | null } = await this.get(
        `/v1/sessions/${session}/events?after=${after}&limit=500`,
      );
      all.push(...page.data);
      after = page.next;
    }
    return all;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = {};
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    const form = body instanceof FormData;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    const request = { method, headers, body: form ? body : JSON.stringify(body) };
    let answer = await fetch(this.url + path, request);
    // A busy server says when to ask again; so do all clients.
    for (let tries = 0; answer.status === 503 && tries < 5; tries++) {
      await setTimeout(1000 * Number(answer.headers.get("Retry-After") ?? 1));
      answer = await fetch(this.url + path, request);
    }
    const text = await answer.text();
    if (!answer.ok) throw new Refused(answer.status, text, `${method} ${path}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** What a bot knows when it hands over. */
export const handoff = (more: object = {}) => ({
  conversation_id: crypto.randomUUID(),
  customer: { external_id: crypto.randomUUID(), name: "Hana Sato", email: "hana.sato@example.com" },
  subject: "Missing parcel, order 48213",
  reason: { code: "customer_request", text: "Asked for a person after 2 replies" },
  summary: "Order 48213 found or replaced before travelling tomorrow",
  tried: ["Delivery status", "Neighbour check"],
  intent: { name: "missing_parcel", score: 0.91 },
  sentiment: -0.62,
  context: { order_id: 48213 },
  transcript: [
    { author: { role: "customer" }, text: "Hi, order 48213 says delivered but there is nothing here." },
    {
      author: { role: "bot" },
      text: "I can see it was marked delivered on Tuesday at 14:06. Could it be with a neighbour?",
    },
    { author: { role: "customer" }, text: "I asked both neighbours. I want to talk to a person." },
  ],
  ...more,
});

/** Visitor is a customer whose screen a test does not look at. */
export class Visitor extends Calls {
  private constructor(
    url: string,
    token: string,
    readonly id: string,
  ) {
    super(url, token);
  }

  static async arrive(url: string, name: string): Promise<Visitor> {
    const made = await new Calls(url, "").post<{ token: string; customer: string }>("/v1/visitors", { name });
    return new Visitor(url, made.token, made.customer);
  }

  /** ask asks for a person and gives the session's id. */
  async ask(text: string, more: object = {}): Promise<string> {
    const { id } = await this.post("/v1/handoffs", { subject: text, ...more });
    await this.say(id, text);
    return id;
  }
}
