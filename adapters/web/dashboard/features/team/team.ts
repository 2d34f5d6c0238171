// What the Team page asks of the server, and what a person of a role may do there.
import type { Agent, Role } from "../../../shared/protocol.ts";
import { api } from "../../stores/index.ts";
import { staffRoles } from "../../words.ts";

/** An invitation that nobody has used yet. */
export interface Invite {
  id: string;
  email: string;
  name: string;
  role: Role;
  queues: string[];
  by: { id: string; name: string };
  created_at: string;
  expires_at: string;
}

/** A link that is shown this once. */
export interface Link {
  link: string;
  expires_at: string;
}

export interface NewInvite {
  email: string;
  role: Role;
  name?: string;
  queues: string[];
}

export interface AgentPart {
  name?: string;
  role?: Role;
  queues?: string[];
  capacity?: number;
  disabled?: boolean;
}

export const readInvites = () => api.list<Invite>("/v1/invites");
export const invite = (wanted: NewInvite) => api.post<Invite & Link>("/v1/invites", wanted);
export const revoke = (id: string) => api.delete(`/v1/invites/${id}`);
export const resetLink = (agent: string) => api.post<Link>(`/v1/agents/${agent}/reset`);
export const change = (agent: string, part: AgentPart) => api.patch<Agent>(`/v1/agents/${agent}`, part);

/** The roles that somebody can give: up to his own, and agents only unless he may change people. */
export function rolesToGive(own: Role, admin: boolean): Role[] {
  if (!admin) return ["agent"];
  return staffRoles.slice(staffRoles.indexOf(own as (typeof staffRoles)[number]));
}

/** Whether somebody of a role stands above another. */
export const isAbove = (role: Role, own: Role): boolean => {
  const rank = (one: Role) => staffRoles.indexOf(one as (typeof staffRoles)[number]);
  return rank(role) < rank(own);
};
