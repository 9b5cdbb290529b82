import { type Cancel, type Context, repeat } from "../../core/mod.ts";
import type { Publish } from "./lane.ts";

/** How often it is asked, and how long an answer may take, ms. */
const ASK_MS = 5_000;

export interface HearingParts {
  ctx: Pick<Context, "clock">;
  /** Where what is said is to be heard. */
  topic: string;
  publish: Publish;
  /** The broker takes what is said and tells nothing. */
  deaf(): void;
}

/**
 * Finds out whether a subscription still holds: some brokers of several machines lose it with one of them, and the
 * connection goes on as if nothing had been.
 */
export class Hearing {
  readonly #parts: HearingParts;
  readonly #cancel: Cancel;
  #hasHeard = false;
  /** The broker has what was said. */
  #isSaid = false;

  constructor(parts: HearingParts) {
    this.#parts = parts;
    this.#cancel = repeat(parts.ctx.clock, ASK_MS, () => this.#ask());
    this.#say();
  }

  /** Something came, whatever it is: one who has much to read may read the answer late. */
  heard(): void {
    this.#hasHeard = true;
  }

  stop(): void {
    this.#cancel();
  }

  #ask(): void {
    if (this.#isSaid && !this.#hasHeard) this.#parts.deaf();
    else this.#say();
  }

  #say(): void {
    this.#hasHeard = this.#isSaid = false;
    this.#parts.publish(this.#parts.topic, "", false).then(() => this.#isSaid = true, () => {});
  }
}
