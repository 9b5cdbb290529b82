import { Buffer } from "node:buffer";
import type { CardWriter } from "../card/files.ts";

/** A file on a card that may be pulled at any time: what was synced is on it. */
export class MemoryFile implements CardWriter {
  #parts: Buffer[] = [];
  /** After each sync. */
  readonly synced: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(Buffer.from(bytes));
    return Promise.resolve();
  }

  sync(): Promise<void> {
    this.synced.push(this.bytes);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
