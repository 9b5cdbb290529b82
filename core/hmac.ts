import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

interface Pads {
  inner: Uint8Array;
  outer: Uint8Array;
}

const padsOf = new WeakMap<Uint8Array, Pads>();

/**
 * HMAC-SHA-256 (RFC 2104) over the parts as if they were one. Node's own `createHmac` is the same function, but on
 * Deno 2.9.6 takes about twice as long: it was a third of all that a release computes.
 * @param key never changed while it is in use
 */
export function hmacSha256(key: Uint8Array, ...parts: (string | Uint8Array)[]): Buffer {
  let pads = padsOf.get(key);
  if (!pads) padsOf.set(key, pads = padded(key));
  const inner = createHash("sha256").update(pads.inner);
  for (const part of parts) inner.update(part);
  return createHash("sha256").update(pads.outer).update(inner.digest()).digest();
}

function padded(key: Uint8Array): Pads {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? createHash("sha256").update(key).digest() : key);
  return { inner: block.map((byte) => byte ^ 0x36), outer: block.map((byte) => byte ^ 0x5c) };
}
