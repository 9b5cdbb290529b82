import { Buffer } from "node:buffer";
import { randomInt } from "node:crypto";
import { opusSamples } from "./opus.ts";

const FIRST = 2;
const RATE = 48_000;
const PART_BYTES = 255;
/** RFC 3533: not reflected, begins with zero. */
const POLYNOMIAL = 0x04c11db7;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? sum << 1 ^ POLYNOMIAL : sum << 1;
  return sum;
});

/** Makes an Ogg stream of Opus packets (RFC 7845), a page each, so that nothing waits for the next. */
export class OggWriter {
  readonly #serial = randomInt(2 ** 32);
  #pages = 0;
  /** What was there up to now, samples. */
  #position = 0;

  /** What a stream begins with. */
  head(): Buffer {
    const head = Buffer.alloc(19);
    head.write("OpusHead");
    // Version 1, one channel, nothing to leave out, no gain.
    head.set([1, 1], 8);
    head.writeUInt32LE(RATE, 12);
    const maker = Buffer.from("Latchkey");
    const tags = Buffer.alloc(8 + 4 + maker.length + 4);
    tags.write("OpusTags");
    tags.writeUInt32LE(maker.length, 8);
    maker.copy(tags, 12);
    return Buffer.concat([this.#page(head, FIRST), this.#page(tags)]);
  }

  packet(data: Uint8Array): Buffer {
    this.#position += opusSamples(data);
    return this.#page(data);
  }

  #page(data: Uint8Array, kind = 0): Buffer {
    const parts = Math.floor(data.length / PART_BYTES) + 1;
    const page = Buffer.alloc(27 + parts + data.length);
    page.write("OggS");
    page[5] = kind;
    page.writeBigUInt64LE(BigInt(this.#position), 6);
    page.writeUInt32LE(this.#serial, 14);
    page.writeUInt32LE(this.#pages++, 18);
    page[26] = parts;
    page.fill(PART_BYTES, 27, 27 + parts - 1);
    page[27 + parts - 1] = data.length % PART_BYTES;
    page.set(data, 27 + parts);
    page.writeUInt32LE(checksum(page), 22);
    return page;
  }
}

function checksum(page: Buffer): number {
  let sum = 0;
  for (const byte of page) sum = sum << 8 ^ TABLE[(sum >>> 24) ^ byte]!;
  return sum >>> 0;
}
