// The keys of bots, and an example of what one is for.
import { api } from "../../stores/index.ts";

export const scopes = ["handoffs", "messages", "sessions", "read"] as const;
export type KeyScope = (typeof scopes)[number];

/** A bot's key without its secret. */
export interface Key {
  id: string;
  bot: { id: string; name: string };
  /** Empty allows everything. */
  scopes: KeyScope[];
  prefix: string;
  created_at: string;
  /** Exact to a few minutes; null when it was never used. */
  last_used_at: string | null;
}

/** A key that was just made, with its secret. */
export interface NewKey extends Key {
  key: string;
}

export const readKeys = () => api.list<Key>("/v1/keys");
export const makeKey = (name: string, only: readonly KeyScope[]) =>
  api.post<NewKey>("/v1/keys", { name, scopes: only });
export const revokeKey = (id: string) => api.delete(`/v1/keys/${id}`);

/** A handoff by curl, as it can be pasted into a terminal. */
export const example = (origin: string, key: string): string => `curl ${origin}/v1/handoffs \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{
    "conversation_id": "c-1",
    "customer": {"name": "Hana Sato"},
    "reason": {"text": "Asked for a person after 2 replies"},
    "summary": "Order 48213 is marked delivered but is not there",
    "transcript": [{"author": {"role": "customer"}, "text": "Where is my order?"}]
  }'`;
