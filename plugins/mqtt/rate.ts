import type { Clock } from "../../core/mod.ts";

/** Lets `burst` through at once, and one in `eachMs` in the long run. */
export class Rate {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #eachMs: number;
  #left: number;
  #since: number;

  constructor(clock: Clock, burst: number, eachMs: number) {
    this.#clock = clock;
    this.#burst = burst;
    this.#eachMs = eachMs;
    this.#left = burst;
    this.#since = clock.monotonic();
  }

  /** Whether one more may pass now. */
  take(): boolean {
    const gained = Math.floor((this.#clock.monotonic() - this.#since) / this.#eachMs);
    if (gained > 0) {
      this.#left = Math.min(this.#burst, this.#left + gained);
      this.#since += gained * this.#eachMs;
    }
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
