// What windows let be heard, below everything that they say of it: headless browsers play to nobody.
import type { Frame, Page } from "@playwright/test";

/** listen has a page and the frames in it keep the tones that they play. Ask before it loads. */
export const listen = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const tones: number[] = [];
    Object.assign(window, { tones });
    const { start } = AudioScheduledSourceNode.prototype;
    AudioScheduledSourceNode.prototype.start = function (when?: number) {
      if (this instanceof OscillatorNode) tones.push(Math.round(this.frequency.value));
      start.call(this, when);
    };
  });

/** tones are those that a window has played, in hertz. */
export const tones = (window: Page | Frame): Promise<number[]> =>
  window.evaluate(() => (window as unknown as { tones: number[] }).tones);
