// What several pages of the dashboard say in the same words.
import { t, type MessageKey } from "../shared/i18n.ts";
import type { AgentStatus, Priority, Role } from "../shared/protocol.ts";

type Plain = "common.close"; // stands for any key without arguments

const word = <K extends string>(keys: Record<K, MessageKey>, of: K): string => t(keys[of] as Plain);

const statuses: Record<AgentStatus, MessageKey> = {
  available: "shell.status_available",
  busy: "shell.status_busy",
  away: "shell.status_away",
  offline: "shell.status_offline",
};

/** An availability in one word. */
export const statusWord = (status: AgentStatus): string => word(statuses, status);

type StaffRole = Exclude<Role, "bot" | "customer" | "system">;

/** The roles that a person of the team can have, the widest first. */
export const staffRoles: readonly StaffRole[] = ["owner", "admin", "supervisor", "agent", "viewer"];

const roles: Record<StaffRole, MessageKey> = {
  owner: "shell.role_owner",
  admin: "shell.role_admin",
  supervisor: "shell.role_supervisor",
  agent: "shell.role_agent",
  viewer: "shell.role_viewer",
};

/** A role in one word. */
export const roleWord = (role: Role): string => word(roles, role as StaffRole);

const priorities: Record<Priority, MessageKey> = {
  low: "inbox.priority_low",
  normal: "inbox.priority_normal",
  high: "inbox.priority_high",
  urgent: "inbox.priority_urgent",
};

/** A priority in one word. */
export const priorityWord = (priority: Priority): string => word(priorities, priority);

const reasons: Record<string, MessageKey> = {
  customer_request: "inbox.reason_customer_request",
  low_confidence: "inbox.reason_low_confidence",
  repeated_fallback: "inbox.reason_repeated_fallback",
  policy: "inbox.reason_policy",
  sentiment: "inbox.reason_sentiment",
  bot_error: "inbox.reason_bot_error",
};

/** Why a bot handed over, by the code it gave; empty for codes of its own. */
export const reasonWord = (code: string | undefined): string => {
  const key = reasons[code ?? ""];
  return key ? t(key as Plain) : "";
};
