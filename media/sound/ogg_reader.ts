import { Buffer } from "node:buffer";

const HEAD_BYTES = 27;
/** Of 255 bytes each; Opus needs no more than six. */
const MOST_PARTS = 255;
/** `OpusHead` and `OpusTags`. */
const HEADERS = 2;

/** Reads the Opus packets of one Ogg stream as they come. */
export class OggReader {
  readonly #packet: (packet: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Of a packet that goes on in the next page. */
  #begun: Buffer[] = [];
  #headers = 0;

  constructor(packet: (packet: Buffer) => void) {
    this.#packet = packet;
  }

  /** @throws {Error} where it is not Ogg */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let taken = this.#page(); taken > 0; taken = this.#page()) {
      this.#rest = this.#rest.subarray(taken);
    }
  }

  /** @returns the page's bytes; 0 where it is not all there */
  #page(): number {
    const page = this.#rest;
    if (page.length < HEAD_BYTES) return 0;
    if (page.toString("latin1", 0, 4) !== "OggS") throw new Error("This is not Ogg");
    const bodyAt = HEAD_BYTES + page[26]!;
    if (page.length < bodyAt) return 0;
    const lengths = page.subarray(HEAD_BYTES, bodyAt);
    const end = lengths.reduce((sum, length) => sum + length, bodyAt);
    if (page.length < end) return 0;
    let at = bodyAt;
    for (const length of lengths) {
      this.#begun.push(page.subarray(at, at += length));
      if (length < 255) this.#end();
      else if (this.#begun.length > MOST_PARTS) throw new Error("A sound packet has no end");
    }
    return end;
  }

  #end(): void {
    const packet = Buffer.concat(this.#begun);
    this.#begun = [];
    if (this.#headers < HEADERS) this.#headers++;
    else if (packet.length > 0) this.#packet(packet);
  }
}
