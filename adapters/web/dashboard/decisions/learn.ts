// The words of decisions are fetched when somebody looks at one.
import catalogs from "virtual:messages/why";
import { learn } from "../../shared/i18n.ts";
import { once } from "../later.ts";

/** Fetches the words of decisions, once. Whoever shows a decision waits for it. */
export const learnDecisions = once(() => learn(catalogs));
