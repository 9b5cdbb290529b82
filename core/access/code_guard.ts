import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";

/** Wrong codes that cost nothing. */
export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** With so many the wait is the longest; more are not counted. */
const MOST_FAILURES = 10;
/** Each time of this length without a wrong code forgives one: whoever waits for that guesses no faster than by waiting. */
const FORGIVEN_MS = LONGEST_WAIT_MS;
/** Sources remembered; beyond it the one that was quiet for longest is forgotten. */
const MOST_SOURCES = 1_000;

interface Record {
  failures: number;
  /** Monotonic ms. */
  until: number;
  last: number;
}

/**
 * Slows guessing down, each source by itself: nobody's wrong codes keep anyone else waiting, and cards and buttons never
 * come here. Counts are on disk; after a restart a source waits its whole time anew, so that neither a restart nor a
 * wrong clock helps.
 */
export class CodeGuard {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #sources = new Map<string, Record>();

  constructor(clock: Clock, store: Store) {
    this.#clock = clock;
    this.#store = store;
    const now = clock.monotonic();
    for (const { source, failures } of store.prepare("SELECT source, failures FROM code_failures").all()) {
      const count = Number(failures);
      this.#sources.set(String(source), { failures: count, until: now + waitOf(count), last: now });
    }
  }

  /** How long this source has to wait, ms; 0: it may try now. */
  wait(source: string): number {
    return Math.max(0, (this.#sources.get(source)?.until ?? 0) - this.#clock.monotonic());
  }

  /** Within a transaction: counts a wrong code. @returns how many there were */
  failed(source: string): number {
    const now = this.#clock.monotonic();
    const failures = Math.min(MOST_FAILURES, this.#failuresOf(source) + 1);
    this.#sources.delete(source);
    this.#sources.set(source, { failures, until: now + waitOf(failures), last: now });
    this.#store.prepare("INSERT OR REPLACE INTO code_failures (source, failures) VALUES (?, ?)").run(
      source,
      failures,
    );
    const [quietest] = this.#sources.keys();
    if (this.#sources.size > MOST_SOURCES && quietest !== undefined) this.#drop(quietest);
    return failures;
  }

  /** A right code forgives none: who has one could else guess others for ever. */
  #failuresOf(source: string): number {
    const { failures, last } = this.#sources.get(source) ?? { failures: 0, last: 0 };
    return Math.max(0, failures - Math.floor((this.#clock.monotonic() - last) / FORGIVEN_MS));
  }

  #drop(source: string): void {
    this.#sources.delete(source);
    this.#store.prepare("DELETE FROM code_failures WHERE source = ?").run(source);
  }
}

/** 30 s from the fifth wrong code on, doubled with each further one, at most 15 min. */
function waitOf(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES));
}
