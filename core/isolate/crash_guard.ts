import type { Clock } from "../clock.ts";

export const MOST_CRASHES = 3;
export const WITHIN_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 1_000;

/** Says whether what has crashed is to be started again. */
export class CrashGuard {
  readonly #clock: Clock;
  #crashes: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a crash. @returns the pause until it may start again, ms; undefined where it was one too many */
  crashed(): number | undefined {
    const now = this.#clock.monotonic();
    this.#crashes = [...this.#crashes.filter((at) => now - at < WITHIN_MS), now];
    const count = this.#crashes.length;
    return count < MOST_CRASHES ? FIRST_PAUSE_MS * 4 ** (count - 1) : undefined;
  }
}
