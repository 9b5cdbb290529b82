import { Buffer } from "node:buffer";

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

/** Kind, run and length, then the payload. */
export function frameBytes(kind: FrameKind, run: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = Buffer.alloc(HEAD + payload.length);
  bytes.writeUInt8(KINDS.indexOf(kind), 0);
  bytes.writeUInt32BE(run, 1);
  bytes.writeUInt32BE(payload.length, 5);
  bytes.set(payload, HEAD);
  return bytes;
}

/** How many bytes were taken. */
export function takenFrame(run: number, count: number): Uint8Array {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(count);
  return frameBytes("taken", run, payload);
}

export function takenIn({ payload }: Frame): number {
  return payload.length === 4 ? Buffer.from(payload).readUInt32BE() : 0;
}

/** A value as JSON. */
export function jsonFrame(kind: FrameKind, run: number, value: unknown): Uint8Array {
  return frameBytes(kind, run, new TextEncoder().encode(JSON.stringify(value)));
}

export function jsonIn({ payload }: Frame): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
}

/** Makes frames of bytes that come in any pieces. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  /** @throws {RangeError} where this is no frame: there is no way to find the next one */
  push(piece: Uint8Array): Frame[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#rest, piece]);
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
