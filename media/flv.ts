import { Buffer } from "node:buffer";

/** What FLV holds of H.264: the decoder's configuration, then frames, each in whole. */
export type FlvTag =
  /** AVCDecoderConfigurationRecord of ISO/IEC 14496-15. */
  | { kind: "config"; data: Buffer }
  /** Each NAL unit behind its length in four bytes. */
  | { kind: "frame"; data: Buffer; key: boolean; /** ms */ at: number };

const HEADER_BYTES = 13;
const TAG_BYTES = 11;
const BACK_POINTER_BYTES = 4;
/** Kind of frame, packet type, composition time. */
const AVC_BYTES = 5;
const VIDEO = 9;
const AVC = 7;
const KEY = 1;
/** A frame of a Quad HD picture stays far below; what is above is no FLV. */
const LONGEST = 8 * 1024 * 1024;

const HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

/** Reads FLV as it comes, each tag as soon as its last byte is there: it says beforehand how long it is. */
export class FlvReader {
  readonly #tag: (tag: FlvTag) => void;
  #parts: Buffer[] = [];
  #held = 0;
  #needed = HEADER_BYTES;
  #state: "header" | "tag" | "body" = "header";
  #head: Buffer = Buffer.alloc(0);

  constructor(tag: (tag: FlvTag) => void) {
    this.#tag = tag;
  }

  /** @throws {Error} where it is not FLV with H.264 */
  push(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= this.#needed) this.#step(this.#take());
  }

  #take(): Buffer {
    const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const taken = all.subarray(0, this.#needed);
    this.#held -= this.#needed;
    this.#parts = this.#held > 0 ? [all.subarray(this.#needed)] : [];
    return taken;
  }

  #step(bytes: Buffer): void {
    if (this.#state === "header") {
      if (bytes.toString("latin1", 0, 3) !== "FLV") throw new Error("This is not FLV");
      this.#expect("tag", TAG_BYTES);
    } else if (this.#state === "tag") {
      this.#head = bytes;
      const size = bytes.readUIntBE(1, 3);
      if (size > LONGEST) throw new Error(`A tag of ${size} bytes is too long`);
      this.#expect("body", size + BACK_POINTER_BYTES);
    } else {
      this.#expect("tag", TAG_BYTES);
      if (this.#head[0] === VIDEO) this.#video(bytes.subarray(0, bytes.length - BACK_POINTER_BYTES));
    }
  }

  #video(body: Buffer): void {
    const [first = 0, type] = body;
    if ((first & 15) !== AVC) throw new Error(`The video is coded as ${first & 15}: only H.264 is known`);
    const data = body.subarray(AVC_BYTES);
    if (type === 0) this.#tag({ kind: "config", data });
    // The lower 24 bits come first.
    const at = this.#head.readUIntBE(4, 3) + this.#head[7]! * 0x1000000;
    if (type === 1) this.#tag({ kind: "frame", data, key: first >> 4 === KEY, at });
  }

  #expect(state: "tag" | "body", bytes: number): void {
    this.#state = state;
    this.#needed = bytes;
  }
}

/** What a stream begins with, for a program that reads FLV. */
export function flvStart(config: Buffer): Buffer {
  return Buffer.concat([HEADER, flvConfig(config)]);
}

export function flvConfig(config: Buffer): Buffer {
  return tag(0, KEY, 0, config);
}

export function flvFrame({ at, key, data }: { at: number; key: boolean; data: Buffer }): Buffer {
  return tag(at, key ? KEY : 2, 1, data);
}

function tag(at: number, frameType: number, packetType: number, data: Buffer): Buffer {
  const size = AVC_BYTES + data.length;
  const head = Buffer.alloc(TAG_BYTES + AVC_BYTES);
  head[0] = VIDEO;
  head.writeUIntBE(size, 1, 3);
  head.writeUIntBE(Math.round(at) & 0xffffff, 4, 3);
  head[7] = (Math.round(at) / 0x1000000) & 255;
  head[TAG_BYTES] = frameType << 4 | AVC;
  head[TAG_BYTES + 1] = packetType;
  const back = Buffer.alloc(BACK_POINTER_BYTES);
  back.writeUInt32BE(TAG_BYTES + size);
  return Buffer.concat([head, data, back]);
}
