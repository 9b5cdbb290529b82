import type { Cancel, Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";

export interface PaceOptions {
  clock: Clock;
  /** What may be spent a second, in the long run. */
  perSecond: number;
  /** What may be spent at once after a quiet time. */
  burst: number;
}

/** Holds back who spends too fast. */
export class Pace {
  readonly #options: PaceOptions;
  #left: number;
  #at: number;
  /** What refuses each who waits, and what cancels the waiting. */
  readonly #waiting = new Map<(why: LatchkeyError) => void, Cancel>();
  #isOver = false;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#left = options.burst;
    this.#at = options.clock.monotonic();
  }

  /** Whether there is enough to spend 1. */
  has(): boolean {
    this.#fill();
    return this.#left >= 1;
  }

  /** Spends 1 if there is as much. */
  take(): boolean {
    if (!this.has()) return false;
    this.#left--;
    return true;
  }

  /**
   * Spends `cost`. Undefined where there was enough; else a promise of when there is again.
   * @throws {LatchkeyError} `plugin-stopped` once it has ended, where it had to wait too
   */
  spend(cost: number): Promise<void> | undefined {
    if (this.#isOver) throw stopped();
    const { clock, perSecond } = this.#options;
    this.#fill();
    this.#left -= cost;
    if (this.#left >= 0) return undefined;
    return new Promise((go, refuse) => {
      const cancel = clock.after(Math.ceil(-this.#left * 1_000 / perSecond), () => {
        this.#waiting.delete(refuse);
        go();
      });
      this.#waiting.set(refuse, cancel);
    });
  }

  /** Refuses all who wait, and who come later: what was not begun is not done any more. */
  end(): void {
    this.#isOver = true;
    for (const [refuse, cancel] of this.#waiting) {
      cancel();
      refuse(stopped());
    }
    this.#waiting.clear();
  }

  #fill(): void {
    const { clock, perSecond, burst } = this.#options;
    const now = clock.monotonic();
    this.#left = Math.min(burst, this.#left + (now - this.#at) * perSecond / 1_000);
    this.#at = now;
  }
}

const stopped = (): LatchkeyError =>
  new LatchkeyError("plugin-stopped", "The plugin has stopped", { status: 503 });
