import { t } from "../../shared/i18n.ts";
import { drawBadge, titleOf, type Notices } from "../../shared/notify.ts";
import type { Session } from "../../shared/protocol.ts";
import type { Sounds } from "../../shared/sound.ts";
import type { Acts } from "./acts.svelte.ts";
import type { Me } from "./me.svelte.ts";
import type { Messages } from "./messages.svelte.ts";
import type { Offers } from "./offers.svelte.ts";
import type { Sessions } from "./sessions.svelte.ts";
import type { Tabs } from "./tabs.svelte.ts";
import { lateSoon, timerOf } from "./timing.ts";

export interface AlertsParts {
  me: Me;
  sessions: Sessions;
  offers: Offers;
  messages: Messages;
  tabs: Tabs;
  acts: Acts;
  sounds: Sounds;
  notices: Notices;
}

/** Calls the person when something needs him: by sound, notice, and the title and icon of the tab. */
export class Alerts {
  /** The name of the page that is shown, for the title. */
  page = $state("");
  private late: Set<string> | null = null;
  /** What the title counts. */
  readonly count: number = $derived.by(() => this.parts.sessions.unread + this.parts.offers.list.length);

  constructor(private readonly parts: AlertsParts) {}

  /** start calls from here on, until the result is called. */
  start(): () => void {
    const stopRows = this.parts.sessions.onRow((row, before) => this.row(row, before));
    const stopEffects = $effect.root(() => {
      $effect(() => this.parts.sounds.ring(this.parts.offers.ringing));
      if (typeof document !== "undefined") this.showCount();
    });
    return () => {
      stopRows();
      stopEffects();
      this.parts.sounds.ring(false);
      this.late = null;
    };
  }

  private showCount(): void {
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    const plain = icon?.href ?? "";
    $effect(() => {
      document.title = titleOf(this.count, this.page);
    });
    $effect(() => {
      if (icon) drawBadge(icon, plain, this.count);
    });
  }

  private row(row: Session | undefined, before: Session | undefined): void {
    const { me, messages, notices, sounds } = this.parts;
    const offered = (s: Session | undefined) => s?.offer?.agent.id === me.id;
    const mine = (s: Session | undefined) => s?.status === "active" && s.agent?.id === me.id;
    if (offered(before) && !offered(row)) notices.gone(`offer.${before!.id}`);
    if (!row) return;
    if (offered(row) && !offered(before)) this.offer(row);
    if (!mine(row) || !before) return;
    const given = !mine(before) && !offered(before) && !this.parts.acts.isActing(row.id);
    const written = row.unread > before.unread && row.last?.role === "customer" && !messages.isViewed(row.id);
    if (!given && !written) return;
    sounds.play("message");
    this.tell(row, row.customer.name, row.last?.text ?? row.summary, `chat.${row.id}`);
  }

  private offer(row: Session): void {
    const name = row.customer.name || row.subject;
    this.tell(row, t("common.notice_offer", { name }), row.summary || row.subject, `offer.${row.id}`);
  }

  private tell(row: Session, title: string, body: string, tag: string): void {
    this.parts.notices.show({ title, body, tag, open: () => this.parts.tabs.open(row.id) });
  }

  /** tick calls when one of my chats has used up most of its time, once for each wait. Those of the start are known. */
  tick(now: number): void {
    const { sessions, sounds } = this.parts;
    if (sessions.loading) return;
    const pressing = sessions
      .all("mine")
      .map((s) => ({ id: s.id, timer: timerOf(s, now) }))
      .filter(({ timer }) => timer.kind === "reply" && timer.fraction >= lateSoon)
      .map(({ id, timer }) => `${id} ${timer.since}`);
    const { late } = this;
    if (late && pressing.some((wait) => !late.has(wait))) sounds.play("late");
    this.late = new Set(pressing);
  }
}
