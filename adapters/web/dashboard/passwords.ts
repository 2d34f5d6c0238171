import { t } from "../shared/i18n.ts";

const least = 10;

/** What is wrong with a new password before it is sent; undefined for one that may do. */
export const tooShort = (password: string): string | undefined =>
  new TextEncoder().encode(password).length < least ? t("auth.password_short") : undefined;
