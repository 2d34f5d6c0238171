import { account, api } from "../../../stores/index.ts";
import { Uploads } from "./uploads.svelte.ts";

const all = new Map<string, Uploads>();

/** The files of a chat's next message. They stay while one looks at other chats. */
export function uploadsOf(session: string): Uploads {
  let uploads = all.get(session);
  if (!uploads) {
    uploads = new Uploads(
      (file, options) => api.upload(session, file, { name: file.name, ...options }),
      () => account.limits,
    );
    all.set(session, uploads);
  }
  return uploads;
}
