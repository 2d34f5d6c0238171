import type { Attachment } from "../../../../shared/protocol.ts";

/** The picture that is looked at in full, and those beside it. */
class Lightbox {
  pictures = $state.raw<readonly Attachment[]>([]);
  at = $state(0);

  get picture(): Attachment | undefined {
    return this.pictures[this.at];
  }

  show(pictures: readonly Attachment[], id: string): void {
    this.pictures = pictures;
    this.at = Math.max(
      0,
      pictures.findIndex((picture) => picture.id === id),
    );
  }

  step(by: number): void {
    this.at = Math.min(this.pictures.length - 1, Math.max(0, this.at + by));
  }

  close(): void {
    this.pictures = [];
  }
}

export const lightbox = new Lightbox();
