import { uidSchema } from "../../core/mod.ts";

/** What a reader says: a card came or went. */
export interface ReaderFrame {
  change: "present" | "removed";
  cardKind: "iso14443a" | "em4100" | "unknown";
  uid: string;
}

const KINDS = { A: "iso14443a", E: "em4100", U: "unknown" } as const;
const LONGEST = "P:A::".length + 20 + 4;

/** A frame as the simulated reader sends it: `P:A:04A1B2C3:9F1E`, the last field a CRC-16 of what stands before it. */
export function formatFrame(frame: ReaderFrame): string {
  const letter = Object.entries(KINDS).find(([, kind]) => kind === frame.cardKind)?.[0] ?? "U";
  const body = `${frame.change === "present" ? "P" : "R"}:${letter}:${frame.uid}`;
  return `${body}:${crc16(body)}`;
}

/** The frame, or undefined for anything that is not exactly one. Never throws, whatever the reader sends. */
export function parseFrame(text: unknown): ReaderFrame | undefined {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const match = /^(([PR]):([AEU]):([0-9A-F]+)):([0-9A-F]{4})$/.exec(text);
  if (!match) return undefined;
  const [, body = "", change, kind, uid = "", crc] = match;
  if (crc16(body) !== crc || !uidSchema.safeParse(uid).success) return undefined;
  return {
    change: change === "P" ? "present" : "removed",
    cardKind: KINDS[kind as keyof typeof KINDS],
    uid,
  };
}

/** CRC-16/CCITT-FALSE of ASCII text, four hexadecimal digits. */
function crc16(text: string): string {
  let crc = 0xffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  }
  return (crc & 0xffff).toString(16).toUpperCase().padStart(4, "0");
}
