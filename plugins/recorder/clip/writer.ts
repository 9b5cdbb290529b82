import { Buffer } from "node:buffer";
import type { CardWriter } from "../card/files.ts";
import { sealedBeginning } from "../seal/header.ts";
import { CHUNK_BYTES, Sealer } from "../seal/stream.ts";

/** What a pulled plug may cost, besides what the camera holds: a second, less what a fragment may come early, ms. */
const SYNC_MS = 900;
/** Fragments come every half second or second; those that come faster are filled up together, ms. */
const FILL_MS = 400;
/** A box of nothing; shorter than this there is none. */
const BOX_BYTES = 8;

export interface ClipWriterOptions {
  file: CardWriter;
  /** Whom it is encrypted for; undefined: nobody. */
  recipient: string | undefined;
  /** Monotonic ms. */
  now(): number;
}

/**
 * Writes a recording so that it can be cut off anywhere: it is on the card once a second. Encryption goes by chunks of
 * 64 KiB of which the last one can be read by nobody before it is whole; so behind each fragment what is begun is filled
 * up with a box of nothing, and a crash costs an encrypted recording no more than a plain one.
 */
export class ClipWriter {
  readonly #file: CardWriter;
  readonly #now: () => number;
  readonly #sealer: Sealer | undefined;
  #bytes = 0;
  #synced: number;
  #filled: number;

  private constructor({ file, now }: ClipWriterOptions, sealer: Sealer | undefined) {
    this.#file = file;
    this.#now = now;
    this.#sealer = sealer;
    this.#synced = this.#filled = now();
  }

  static async begin(options: ClipWriterOptions): Promise<ClipWriter> {
    if (options.recipient === undefined) return new ClipWriter(options, undefined);
    const { bytes, key } = await sealedBeginning(options.recipient);
    const writer = new ClipWriter(options, new Sealer(key));
    await writer.#put(bytes);
    return writer;
  }

  /** On the card. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param fragment whole: padding goes behind it */
  async write(fragment: Uint8Array): Promise<void> {
    const sealer = this.#sealer;
    await this.#put(sealer ? sealer.push(fragment) : fragment);
    if (sealer && this.#now() - this.#filled >= FILL_MS) {
      await this.#put(sealer.push(nothing(sealer.missing)));
      this.#filled = this.#now();
    }
    if (this.#now() - this.#synced < SYNC_MS) return;
    await this.#file.sync();
    this.#synced = this.#now();
  }

  async end(): Promise<void> {
    if (this.#sealer) {
      await this.#put(this.#sealer.push(nothing(BOX_BYTES)));
      // Where that made a chunk whole, the last one would be empty.
      if (this.#sealer.missing === 0) await this.#put(this.#sealer.push(nothing(BOX_BYTES)));
      await this.#put(this.#sealer.end());
    }
    await this.#file.sync();
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await this.#file.write(bytes);
    this.#bytes += bytes.length;
  }
}

/** A box that players skip. @param bytes how many to fill; more where so few make no box */
function nothing(bytes: number): Buffer {
  if (bytes === 0) return Buffer.alloc(0);
  const box = Buffer.alloc(bytes < BOX_BYTES ? bytes + CHUNK_BYTES : bytes);
  box.writeUInt32BE(box.length);
  box.write("free", 4, "latin1");
  return box;
}
