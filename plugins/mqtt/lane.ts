import type { Cancel, Clock } from "../../core/mod.ts";
import type { Link } from "./link.ts";

/**
 * Sends at least once: resolved when the broker has acknowledged it.
 * @throws {LatchkeyError} as `Link.publish` does; an error when the connection ends
 */
export type Publish = (topic: string, payload: string | Uint8Array, retain: boolean) => Promise<void>;

/** A broker that is there but acknowledges nothing for so long is as good as none, ms. */
const ACKNOWLEDGE_MS = 20_000;

/** In order, and never more at once than the broker takes. */
export class Lane {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #waiting: { go(): void; fail(why: Error): void }[] = [];
  #inFlight = 0;
  #why: string | undefined;
  #cancelWatch: Cancel | undefined;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  readonly publish: Publish = async (topic, payload, retain) => {
    if (this.#why !== undefined) throw new Error(this.#why);
    if (this.#inFlight >= this.#link.window) {
      await new Promise<void>((go, fail) => this.#waiting.push({ go, fail }));
    } else {
      this.#inFlight++;
    }
    this.#watch();
    try {
      await this.#link.publish(topic, payload, retain);
    } finally {
      this.#done();
    }
  };

  end(why: string): void {
    this.#why = why;
    this.#cancelWatch?.();
    for (const { fail } of this.#waiting.splice(0)) fail(new Error(why));
  }

  /** Hands the place on to who waits longest. */
  #done(): void {
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    const next = this.#waiting.shift();
    if (next) next.go();
    else this.#inFlight--;
    if (this.#inFlight > 0) this.#watch();
  }

  #watch(): void {
    if (this.#why !== undefined) return;
    this.#cancelWatch ??= this.#clock.after(ACKNOWLEDGE_MS, () => this.#link.close(false));
  }
}
