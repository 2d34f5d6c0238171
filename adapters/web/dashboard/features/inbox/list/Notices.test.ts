// @vitest-environment happy-dom
import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Session } from "../../../../shared/protocol.ts";
import { sessions } from "../../../stores/index.ts";
import Notices from "./Notices.svelte";

const marks = { delivered: 0, read: 0 };

const waiting = (id: string, since: string): Session =>
  ({
    id,
    seq: 1,
    status: "waiting",
    priority: "normal",
    waiting_since: since,
    created_at: since,
    receipts: { customer: marks, agent: marks },
    customer: { name: id },
    tags: [],
    unread: 0,
  }) as unknown as Session;

test("a list that is held says how much has changed, and shows it when asked", async () => {
  sessions.open("agt_me");
  sessions.put(waiting("ses_2", "2026-01-01T10:02:00.000Z"));
  sessions.hold("pointer");
  render(Notices, { group: "queue", calm: false });
  expect(screen.queryByRole("button")).toBeNull();

  sessions.put(waiting("ses_1", "2026-01-01T10:01:00.000Z"));
  sessions.put(waiting("ses_3", "2026-01-01T10:03:00.000Z"));
  const line = await screen.findByRole("button", { name: "2 changes, show" });
  expect(sessions.ids("queue")).toEqual(["ses_2"]);

  await fireEvent.click(line);
  await vi.waitFor(() => expect(sessions.ids("queue")).toEqual(["ses_1", "ses_2", "ses_3"]));
  sessions.release("pointer");
});
