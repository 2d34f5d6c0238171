// What a file is, for people.
import type { Attachment } from "../../../../shared/protocol.ts";

const widest = 240;
const highest = 320;

export const isPicture = ({ type }: Pick<Attachment, "type">): boolean => /^image\/(png|jpeg|gif|webp)$/.test(type);

/** The kind of a file as its name ends: "PDF". */
export function kindOf({ name, type }: Pick<Attachment, "name" | "type">): string {
  const end = /\.([a-z\d]{1,5})$/i.exec(name)?.[1] ?? type.split("/").at(-1) ?? "";
  return end.toUpperCase();
}

/** How large a picture stands in a thread, so that its place is there before it is. */
export function pictureSize({ width, height }: Pick<Attachment, "width" | "height">): {
  width: number;
  height: number;
} {
  if (!width || !height) return { width: widest, height: 180 };
  const shown = Math.min(widest, width);
  return { width: shown, height: Math.round(Math.min(highest, Math.max(40, (shown * height) / width))) };
}
