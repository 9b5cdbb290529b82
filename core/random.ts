import { randomBytes } from "node:crypto";
import { Buffer } from "node:buffer";

/** That many unpredictable bytes. Injected, so that a story can be replayed. */
export type Random = (length: number) => Uint8Array;

export const systemRandom: Random = (length) => new Uint8Array(randomBytes(length));

/** An id no one can guess: 16 bytes in hexadecimal. */
export function randomId(random: Random): string {
  return Buffer.from(random(16)).toString("hex");
}
