import type { Clock } from "../clock.ts";

/** How far the wall clock may be off against monotonic time before it counts as a jump, ms. */
export const TOLERANCE_MS = 60_000;

/** How fast a time server may move a clock without a jump: the kernel's limit, 500 ppm. */
const SLEW = 0.0005;

/** Compares the wall clock with monotonic time since the last moment at which it was believed. */
export class ClockWatch {
  readonly #clock: Clock;
  #wall: number;
  #monotonic: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.now();
    this.#monotonic = clock.monotonic();
  }

  /** Believes the wall clock as it is now. */
  anchor(): void {
    this.#wall = this.#clock.now();
    this.#monotonic = this.#clock.monotonic();
  }

  /** Whether the wall clock is where it should be. */
  steady(): boolean {
    return Math.abs(this.#drift()) <= TOLERANCE_MS;
  }

  /** Lets the anchor follow what a slew may explain, so that months of small corrections are no jump. */
  follow(): void {
    const drift = this.#drift();
    const monotonic = this.#clock.monotonic();
    const passed = monotonic - this.#monotonic;
    this.#wall += passed + Math.sign(drift) * Math.min(Math.abs(drift), passed * SLEW);
    this.#monotonic = monotonic;
  }

  #drift(): number {
    return (this.#clock.now() - this.#wall) - (this.#clock.monotonic() - this.#monotonic);
  }
}
