// What the server really sent to a window, below everything that the window does with it.
import type { Page } from "@playwright/test";

export interface Frame {
  type: string;
  [field: string]: unknown;
}

/** Frames keeps all that comes over the sockets of a page and of the frames in it. Ask for it before the page loads. */
export class Frames {
  /** As they came. */
  readonly raw: string[] = [];

  constructor(page: Page) {
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => this.raw.push(payload.toString()));
    });
  }

  of(type: string): Frame[] {
    return this.raw.map((text) => JSON.parse(text) as Frame).filter((frame) => frame.type === type);
  }
}
