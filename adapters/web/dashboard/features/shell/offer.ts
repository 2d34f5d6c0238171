// What an offer says.
import type { Session } from "../../../shared/protocol.ts";
import { reasonWord } from "../../words.ts";

/** Why a customer wants a person, in the bot's words or in ours; empty when nobody said. */
export const whyOf = ({ reason }: Session): string => reason?.text || reasonWord(reason?.code);

/** What the customer wants: the chat's subject, the bot's summary, or the last words. */
export const wantsOf = ({ subject, summary, last }: Session): string => summary || subject || last?.text || "";
