// Files that are made where they are needed.
import { crc32, deflateSync } from "node:zlib";

/** What Playwright puts into a file field. */
export interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** picture makes a PNG of one colour. */
export function picture(name: string, width = 320, height = 200, colour = [58, 103, 81]): GivenFile {
  const line = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()]);
  const pixels = Buffer.concat(Array.from({ length: height }, () => line));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))];
  return { name, mimeType: "image/png", buffer: Buffer.concat([signature, ...parts]) };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

export const text = (name: string, content: string): GivenFile => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(content),
});
