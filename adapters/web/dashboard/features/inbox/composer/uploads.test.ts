import { expect, test } from "vitest";
import { Problem } from "../../../../shared/api.ts";
import type { Attachment } from "../../../../shared/protocol.ts";
import { Uploads } from "./uploads.svelte.ts";

const limits = { text_bytes: 16384, attachment_bytes: 1000, attachment_types: ["png", "pdf"] };
const plain = (text: string) => text.replace(/[\u2066-\u2069\u202f\u00a0]/g, (c) => (c < "\u2060" ? " " : ""));

/** Files that are sent when the test says so. */
function withSender() {
  const sent: { name: string; done: (a: Attachment) => void; failed: (p: Problem) => void }[] = [];
  const uploads = new Uploads(
    (file) => new Promise((done, failed) => sent.push({ name: file.name, done, failed })),
    () => limits,
  );
  return { uploads, sent };
}

const attachment = (id: string): Attachment => ({ id, name: "a", type: "image/png", size: 1 });
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

test("what is too large or of a wrong kind is refused in words before it leaves", async () => {
  const { uploads, sent } = withSender();
  uploads.add([new File(["x".repeat(2000)], "scan.pdf"), new File(["MZ"], "virus.exe"), new File([], "nothing.png")]);
  await settled();
  expect(sent).toEqual([]);
  expect(uploads.list.map(({ state, words }) => [state, plain(words)])).toEqual([
    ["refused", "Too large: 2 kB. At most 1 kB."],
    ["refused", "EXE files cannot be sent. These can: png, pdf."],
    ["refused", "This file is empty."],
  ]);
  expect(uploads.list.some(({ passing }) => passing)).toBe(false);
});

test("files leave one after the other, and the message waits for them", async () => {
  const { uploads, sent } = withSender();
  uploads.add([new File(["1"], "one.png"), new File(["2"], "two.png")]);
  await settled();
  expect(sent.map(({ name }) => name)).toEqual(["one.png"]);
  expect(uploads.sending).toBe(true);
  sent[0]!.done(attachment("att_1"));
  await settled();
  expect(sent.map(({ name }) => name)).toEqual(["one.png", "two.png"]);
  sent[1]!.done(attachment("att_2"));
  await settled();
  expect(uploads.sending).toBe(false);
  expect(uploads.ready.map(({ id }) => id)).toEqual(["att_1", "att_2"]);
});

test("a file that did not get through says why and can be tried again", async () => {
  const { uploads, sent } = withSender();
  uploads.add([new File(["1"], "one.png")]);
  await settled();
  sent[0]!.failed(new Problem(0, "offline", ""));
  await settled();
  const upload = uploads.list[0]!;
  expect(upload.words).toContain("You are offline");
  expect(upload.passing).toBe(true);
  uploads.again(upload);
  await settled();
  sent[1]!.done(attachment("att_1"));
  await settled();
  expect(uploads.ready.map(({ id }) => id)).toEqual(["att_1"]);
});

test("a file that was removed is not waited for", async () => {
  const { uploads, sent } = withSender();
  uploads.add([new File(["1"], "one.png")]);
  await settled();
  uploads.remove(uploads.list[0]!);
  sent[0]!.done(attachment("att_1"));
  await settled();
  expect(uploads.list).toEqual([]);
});
