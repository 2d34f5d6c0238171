// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { Api } from "./api.ts";

/** Pretend is the part of XMLHttpRequest that an upload uses. */
class Pretend {
  upload: { onprogress?: (e: { lengthComputable: boolean; loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  sent: FormData | null = null;
  headers: Record<string, string> = {};

  open(): void {
    // Nothing is opened.
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(): null {
    return null;
  }
  send(form: FormData): void {
    this.sent = form;
  }
  abort(): void {
    this.onabort?.();
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

function uploading(signal?: AbortSignal) {
  const xhr = new Pretend();
  const api = new Api({ xhr: () => xhr as unknown as XMLHttpRequest, token: () => "hv_1" });
  const parts: number[] = [];
  const file = new File(["door"], "door.png", { type: "image/png" });
  const done = api.upload("ses_1", file, { progress: (part) => parts.push(part), signal });
  return { xhr, parts, done };
}

describe("an upload", () => {
  test("names its session before its file, and tells how far it is", async () => {
    const { xhr, parts, done } = uploading();
    expect([...xhr.sent!.keys()]).toEqual(["session", "file"]);
    expect(xhr.headers.Authorization).toBe("Bearer hv_1");
    xhr.upload.onprogress!({ lengthComputable: true, loaded: 1, total: 4 });
    xhr.upload.onprogress!({ lengthComputable: true, loaded: 4, total: 4 });
    xhr.answer(201, { id: "att_1", name: "door.png" });
    expect(await done).toMatchObject({ id: "att_1" });
    expect(parts).toEqual([0.25, 1]);
  });

  test("that is refused says why", async () => {
    const { xhr, done } = uploading();
    xhr.answer(413, { code: "too_large", detail: "the file is larger than 20 MB" });
    await expect(done).rejects.toMatchObject({ status: 413, code: "too_large" });
  });

  test("that is given up or does not get through is a problem", async () => {
    const stop = new AbortController();
    const given = uploading(stop.signal);
    stop.abort();
    await expect(given.done).rejects.toMatchObject({ code: "aborted" });
    const lost = uploading();
    lost.xhr.onerror!();
    await expect(lost.done).rejects.toMatchObject({ code: "offline" });
  });
});
