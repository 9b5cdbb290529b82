import type { Clock } from "../clock.ts";

const FREE_FAILURES = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const FORGOTTEN_MS = 10 * 60_000;
const MOST_SOURCES = 1_000;

interface Record {
  failures: number;
  /** Monotonic ms. */
  until: number;
  last: number;
}

/**
 * Slows down those who come without a good credential, each source by itself: whoever has one is never kept waiting, not
 * even at the same address.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #sources = new Map<string, Record>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long this source has to wait, ms. */
  wait(source: string): number {
    const record = this.#sources.get(source);
    if (!record) return 0;
    const now = this.#clock.monotonic();
    if (now - record.last >= FORGOTTEN_MS) this.#sources.delete(source);
    return Math.max(0, record.until - now);
  }

  failed(source: string): void {
    const now = this.#clock.monotonic();
    const failures = (this.#sources.get(source)?.failures ?? 0) + 1;
    const over = failures - FREE_FAILURES;
    const wait = over < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(over, 16));
    this.#sources.delete(source);
    this.#sources.set(source, { failures, until: now + wait, last: now });
    const [quietest] = this.#sources.keys();
    if (this.#sources.size > MOST_SOURCES && quietest !== undefined) this.#sources.delete(quietest);
  }
}
