import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { hmacSha256 } from "../hmac.ts";

/** A row of table `access_log` without its seal, as it is stored. */
export interface ChainedRow {
  seq: number;
  at: number;
  clock_trusted: number;
  kind: string;
  access_point: string | null;
  outcome: string;
  reason: string | null;
  /** JSON */
  actor: string;
  via: string;
  credential_id: string | null;
  request_id: string | null;
  /** JSON */
  detail: string;
}

/** What the row number 1 follows. */
export const BEGINNING: Uint8Array = new Uint8Array(32);

/**
 * A row's seal: it covers the row and, by the seal before it, all rows that went before. SQLite's own integrity check
 * misses most changes of content.
 */
export function sealRow(key: Uint8Array, previous: Uint8Array, row: ChainedRow): Uint8Array {
  // One array of JSON values is the same text for the same row only.
  const text = JSON.stringify([
    row.seq,
    row.at,
    row.clock_trusted,
    row.kind,
    row.access_point,
    row.outcome,
    row.reason,
    row.actor,
    row.via,
    row.credential_id,
    row.request_id,
    row.detail,
  ]);
  return hmacSha256(key, "row", previous, text);
}

/** The newest row there was: kept beside the database, so that rows cut off at the end are missed. */
export interface Head {
  seq: number;
  mac: Uint8Array;
}

/** One line that can't be made without the key. */
export function formatHead(key: Uint8Array, { seq, mac }: Head): string {
  return `${seq} ${hex(mac)} ${hex(headSeal(key, seq, mac))}\n`;
}

/** Undefined where the text is not what `formatHead` made with this key. */
export function parseHead(key: Uint8Array, text: string): Head | undefined {
  const [, digits, macHex, sealHex] = /^(\d{1,15}) ([0-9a-f]{64}) ([0-9a-f]{64})\n$/.exec(text) ?? [];
  if (digits === undefined || macHex === undefined || sealHex === undefined) return undefined;
  const head = { seq: Number(digits), mac: new Uint8Array(Buffer.from(macHex, "hex")) };
  return sameSeal(headSeal(key, head.seq, head.mac), Buffer.from(sealHex, "hex")) ? head : undefined;
}

export function sameSeal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function headSeal(key: Uint8Array, seq: number, mac: Uint8Array): Uint8Array {
  return hmacSha256(key, "head", String(seq), mac);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
