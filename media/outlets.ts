import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { Cancel, Clock } from "../core/clock.ts";
import { freshId } from "./fresh_id.ts";

/** What nobody comes for by then is thrown away, ms. */
const KEPT_MS = 5_000;

interface Waiting {
  bytes: Readable;
  cancel: Cancel;
}

/** Bytes that wait for a connection of their own: the one with the commands carries none. */
export class Outlets {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns what to ask for them with */
  offer(bytes: Uint8Array | Readable): string {
    const key = freshId();
    const readable = bytes instanceof Readable ? bytes : Readable.from([bytes]);
    const cancel = this.#clock.after(KEPT_MS, () => {
      this.#waiting.delete(key);
      readable.destroy();
    });
    this.#waiting.set(key, { bytes: readable, cancel });
    return key;
  }

  /** Sends them, as fast as they are read; either side ends the other. */
  take(key: string, socket: Socket): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    waiting?.cancel();
    if (!waiting) return void socket.destroy();
    const { bytes } = waiting;
    bytes.on("error", () => socket.destroy());
    socket.on("close", () => bytes.destroy());
    bytes.pipe(socket);
  }

  end(): void {
    for (const { bytes, cancel } of this.#waiting.values()) {
      cancel();
      bytes.destroy();
    }
    this.#waiting.clear();
  }
}
