import { Buffer } from "node:buffer";

/** What comes at once at most; more is no movie of ours. */
const LONGEST = 64 * 1024 * 1024;

/**
 * Cuts what comes in pieces into what is whole: first the movie's head, then each fragment.
 * @returns takes a piece and gives what is whole now. @throws {Error} where it is no MP4
 */
export function wholeParts(): (piece: Uint8Array) => Buffer[] {
  let held: Buffer = Buffer.alloc(0);
  let scanned = 0;
  return (piece) => {
    held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece]);
    const whole: Buffer[] = [];
    while (held.length - scanned >= 8) {
      const size = held.readUInt32BE(scanned);
      const type = held.toString("latin1", scanned + 4, scanned + 8);
      if (size < 8 || size > LONGEST) {
        throw new Error(`A box "${type}" of ${size} bytes is no part of a recording`);
      }
      if (held.length < scanned + size) break;
      scanned += size;
      if (type !== "moov" && type !== "mdat") continue;
      whole.push(held.subarray(0, scanned));
      held = held.subarray(scanned);
      scanned = 0;
    }
    return whole;
  };
}
