import type { Clock } from "../clock.ts";

export type Undo = () => unknown;

interface Effect {
  label: string;
  undo: Undo;
}

/** An undo that takes longer than this is left behind and named, ms. */
const UNDO_DEADLINE_MS = 5_000;

/** What one owner has set up, each piece with a label, undone last-in first-out. */
export class Effects {
  readonly #clock: Clock;
  readonly #stack: Effect[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get labels(): string[] {
    return this.#stack.map((effect) => effect.label);
  }

  /** Records an effect. The returned function undoes this one alone, once. */
  add(label: string, undo: Undo): Undo {
    const effect = { label, undo };
    this.#stack.push(effect);
    return () => {
      const index = this.#stack.indexOf(effect);
      if (index < 0) return;
      this.#stack.splice(index, 1);
      return undo();
    };
  }

  /** Forgets an effect that has ended by itself, such as a timer that fired. */
  forget(undo: Undo): void {
    const index = this.#stack.findIndex((effect) => effect.undo === undo);
    if (index >= 0) this.#stack.splice(index, 1);
  }

  /** Undoes everything. One that throws or hangs is reported and does not keep the others. */
  async undoAll(report: (label: string, error: unknown) => void): Promise<void> {
    for (let effect = this.#stack.pop(); effect; effect = this.#stack.pop()) {
      try {
        await within(this.#clock, UNDO_DEADLINE_MS, effect.undo());
      } catch (error) {
        report(effect.label, error);
      }
    }
  }
}

/**
 * What `work` resolves to, if it does so in `ms`.
 * @throws {Error} when the time is over; `work` itself can't be stopped and its later result is dropped
 */
export function within<T>(clock: Clock, ms: number, work: T | Promise<T>): Promise<T> {
  if (!(work instanceof Promise)) return Promise.resolve(work);
  return new Promise<T>((resolve, reject) => {
    let settled = false;
    let cancel = () => {};
    const settle = <V>(end: (value: V) => void) => (value: V) => {
      settled = true;
      cancel();
      end(value);
    };
    work.then(settle(resolve), settle(reject));
    // Most work is done by then, and a timer costs more than asking.
    queueMicrotask(() => {
      if (!settled) cancel = clock.after(ms, () => reject(new Error(`No end after ${ms} ms`)));
    });
  });
}
