import type { Content } from "../seal/stream.ts";

/** As a file on the card is read. */
export function contentOf(bytes: Uint8Array): Content {
  return { size: bytes.length, read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)) };
}
