import { Buffer } from "node:buffer";
import type { Writable } from "node:stream";

/** What passes between runtime and supervisor: START and KILL to the supervisor, END back, the others both ways. */
export const KINDS = ["start", "kill", "data", "taken", "end"] as const;
export type FrameKind = (typeof KINDS)[number];

export interface Frame {
  kind: FrameKind;
  /** Which process; the runtime counts them. */
  run: number;
  payload: Uint8Array;
}

/** Bytes that may be on their way to either side of a process before the other has taken them. */
export const WINDOW = 64 * 1_024;
/** The longest payload: a piece of a pipe. */
export const LONGEST_PAYLOAD = 64 * 1_024;

const HEAD = 9;

const NONE = new Uint8Array();

/** Writes kind, run and length, then the payload, which is not copied: a flood would else leave twice as much behind. */
export function writeFrame(link: Writable, kind: FrameKind, run: number, payload: Uint8Array = NONE): void {
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(KINDS.indexOf(kind), 0);
  head.writeUInt32BE(run, 1);
  head.writeUInt32BE(payload.length, 5);
  link.write(head);
  if (payload.length > 0) link.write(payload);
}

/** Writes how many bytes were taken. */
export function writeTaken(link: Writable, run: number, count: number): void {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(count);
  writeFrame(link, "taken", run, payload);
}

export function takenIn({ payload }: Frame): number {
  return payload.length === 4 ? Buffer.from(payload).readUInt32BE() : 0;
}

/** Writes a value as JSON. */
export function writeJson(link: Writable, kind: FrameKind, run: number, value: unknown): void {
  writeFrame(link, kind, run, new TextEncoder().encode(JSON.stringify(value)));
}

export function jsonIn({ payload }: Frame): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
}

/** Makes frames of bytes that come in any pieces. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * The frames that this completes; their payloads are parts of it.
   * @throws {RangeError} where this is no frame: there is no way to find the next one
   */
  push(piece: Uint8Array): Frame[] {
    this.#rest = this.#rest.length === 0
      ? Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      : Buffer.concat([this.#rest, piece]);
    const frames: Frame[] = [];
    while (this.#rest.length >= HEAD) {
      const kind = KINDS[this.#rest.readUInt8(0)];
      const length = this.#rest.readUInt32BE(5);
      if (kind === undefined || length > LONGEST_PAYLOAD) throw new RangeError("This is no frame");
      if (this.#rest.length < HEAD + length) break;
      const payload = this.#rest.subarray(HEAD, HEAD + length);
      frames.push({ kind, run: this.#rest.readUInt32BE(1), payload });
      this.#rest = this.#rest.subarray(HEAD + length);
    }
    return frames;
  }
}
