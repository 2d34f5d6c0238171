// The codes of links that work once: they stand after the # of an address, which browsers do not send to servers.
import { api } from "../../stores/index.ts";
import type { Role } from "../../../shared/protocol.ts";

/** What a link is good for. */
export interface Good {
  kind: "invite" | "reset";
  email: string;
  name: string;
  role: Role;
  account: string;
  expires_at: string;
}

/** The code in the address of this page. */
export const codeHere = (): string => decodeURIComponent(location.hash.slice(1));

/** Asks what the code is good for. It is a Problem 401 when it is not good. */
export const ask = (code: string): Promise<Good> => api.post<Good>("/v1/codes", { code }, { quiet: true });
