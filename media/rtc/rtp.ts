import type { Buffer } from "node:buffer";

const HEAD_BYTES = 12;
const VERSION = 2;
/** Packet types of RTCP that come on the same port, RFC 5761. */
const FIRST_RTCP = 64;
const LAST_RTCP = 95;

export interface RtpPacket {
  payloadType: number;
  /** 16 bits: begins again after 65,535. */
  sequence: number;
  payload: Buffer;
}

/** What a packet of RTP carries (RFC 3550, 5.1); undefined where it is none, or empty. */
export function readRtp(message: Buffer): RtpPacket | undefined {
  if (message.length < HEAD_BYTES || message[0]! >> 6 !== VERSION) return undefined;
  const payloadType = message[1]! & 127;
  if (payloadType >= FIRST_RTCP && payloadType <= LAST_RTCP) return undefined;
  let from = HEAD_BYTES + 4 * (message[0]! & 15);
  if (message[0]! & 16) {
    if (from + 4 > message.length) return undefined;
    from += 4 + 4 * message.readUInt16BE(from + 2);
  }
  const padding = message[0]! & 32 ? message.at(-1)! : 0;
  const end = message.length - padding;
  if (from >= end) return undefined;
  return { payloadType, sequence: message.readUInt16BE(2), payload: message.subarray(from, end) };
}

/** Whether `sequence` comes after `last`, where they are not half a round apart. */
export function isLater(sequence: number, last: number): boolean {
  return ((sequence - last) << 16 >> 16) > 0;
}
