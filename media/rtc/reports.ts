import type { Buffer } from "node:buffer";

/** Kinds of RTCP, RFC 3550. */
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const HEAD_BYTES = 8;
const SENDER_BYTES = 20;
const BLOCK_BYTES = 24;

/** Whether one who receives reports what it gets. */
export function isReport(message: Buffer): boolean {
  return message[1] === RECEIVER_REPORT || message[1] === SENDER_REPORT;
}

/**
 * The highest sequence number that has come of `ssrc`, with its rounds in the upper half, as whoever receives it reports
 * (RFC 3550, 6.4); undefined where nothing is said of it.
 */
export function highestReceived(message: Buffer, ssrc: number): number | undefined {
  for (let at = 0; at + HEAD_BYTES <= message.length;) {
    const end = at + 4 + 4 * message.readUInt16BE(at + 2);
    if (end > message.length) return undefined;
    const blocks = at + HEAD_BYTES + (message[at + 1] === SENDER_REPORT ? SENDER_BYTES : 0);
    const count = isReport(message.subarray(at)) ? message[at]! & 31 : 0;
    for (let block = blocks; block < blocks + count * BLOCK_BYTES && block + BLOCK_BYTES <= end;) {
      if (message.readUInt32BE(block) === ssrc) return message.readUInt32BE(block + 8);
      block += BLOCK_BYTES;
    }
    at = end;
  }
  return undefined;
}
