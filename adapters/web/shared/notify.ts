// Telling somebody who looks elsewhere: the title and icon of the tab, and notifications of the system.
import { isolate } from "./format.ts";

export interface Notice {
  title: string;
  body: string;
  /** A later notice with the same tag takes the place of this one. */
  tag: string;
  open(): void;
}

export type Permission = "granted" | "denied" | "default" | "unsupported";

export class Notices {
  private shown = new Map<string, Notification>();

  get permission(): Permission {
    return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
  }

  /** ask asks the person; browsers want that to be from a click. */
  async ask(): Promise<Permission> {
    return this.permission === "unsupported" ? "unsupported" : Notification.requestPermission();
  }

  /** show tells something, unless the person looks at the page or does not want to be told. */
  show(notice: Notice): void {
    if (this.permission !== "granted" || (!document.hidden && document.hasFocus())) return;
    try {
      const told = new Notification(isolate(notice.title), { body: isolate(notice.body), tag: notice.tag });
      told.onclick = () => {
        window.focus();
        notice.open();
        told.close();
      };
      this.shown.set(notice.tag, told);
    } catch {
      // Some browsers on phones take notices from service workers only; title and icon tell it too.
    }
  }

  /** gone takes a notice away that no longer holds. */
  gone(tag: string): void {
    this.shown.get(tag)?.close();
    this.shown.delete(tag);
  }
}

/** titleOf is the title of the tab: "(2) Inbox". */
export const titleOf = (count: number, page: string): string => (count > 0 ? `(${count}) ${page}` : page);

const size = 64;

/** drawBadge puts a number on the icon of the tab, or takes it off. The icon without it is the one of the page. */
export function drawBadge(link: HTMLLinkElement, plain: string, count: number): void {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (count === 0 || !pen) {
    link.href = plain;
    return;
  }
  const icon = new Image();
  icon.onload = () => {
    pen.drawImage(icon, 0, 0, size, size);
    drawCount(pen, count > 9 ? "9+" : String(count));
    link.href = canvas.toDataURL("image/png");
  };
  icon.src = plain;
}

function drawCount(pen: CanvasRenderingContext2D, text: string): void {
  const radius = size * 0.34;
  pen.beginPath();
  pen.arc(size - radius, size - radius, radius, 0, 2 * Math.PI);
  pen.fillStyle = "#0b5f7d";
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.font = `700 ${text.length > 1 ? 28 : 36}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, size - radius, size - radius + 2);
}
