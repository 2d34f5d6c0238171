// The second line of a row: the newest thing to know of a chat.
import { firstName, isolate } from "../../../../shared/format.ts";
import { t } from "../../../../shared/i18n.ts";
import type { Session } from "../../../../shared/protocol.ts";

export interface LastLine {
  kind: "typing" | "draft" | "text";
  /** Who says it, when it is not the customer; with what stands after a name. */
  by: string;
  text: string;
}

export interface Around {
  me: string;
  /** The customer is typing. */
  typing: boolean;
  /** What this person has begun to write, or "". */
  draft: string;
}

/** lastLine says what a row shows of a chat: typing, a draft, the last message, or what the customer wants. */
export function lastLine(session: Session, { me, typing, draft }: Around): LastLine {
  if (typing) return { kind: "typing", by: "", text: t("inbox.typing") };
  if (draft.trim() !== "") return { kind: "draft", by: t("inbox.draft_by"), text: draft.trim() };
  const { last } = session;
  const wants = session.summary || session.reason?.text || session.subject;
  if (!last) return { kind: "text", by: "", text: session.subject || wants };
  // With what a bot says at last it takes its leave, and the desk says when it opens; who looks at the queue wants to know
  // what for.
  const waits = session.status === "waiting" || session.status === "pending";
  if (waits && (last.role === "bot" || last.role === "system") && wants) return { kind: "text", by: "", text: wants };
  return { kind: "text", by: speaker(session, me), text: last.text || t("inbox.a_file") };
}

function speaker({ last, agent }: Session, me: string): string {
  switch (last?.role) {
    case "customer":
      return "";
    case "bot":
      return t("inbox.bot_by");
    case "system":
      return "";
  }
  return agent && agent.id !== me ? t("inbox.name_by", { name: isolate(firstName(agent.name)) }) : t("inbox.you_by");
}
