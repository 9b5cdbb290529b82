import { setImmediate } from "node:timers";
import type { Cancel, Clock } from "../clock.ts";
import { threadsBusy } from "./threads.ts";

interface Timer {
  due: number;
  order: number;
  action: () => void;
}

/** Lets everything that waits for a promise, and nothing that waits for time, go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((done) => setImmediate(done));
    if (threadsBusy()) turn = -1;
  }
}

/** Time that moves when told to. Timers fire in order of time, then of making, and what they start is awaited. */
export class VirtualClock implements Clock {
  #monotonic = 0;
  #offset: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** @param start wall time at the beginning, ms */
  constructor(start: number = Date.UTC(2026, 5, 1, 12)) {
    this.#offset = start;
  }

  now(): number {
    return this.#offset + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, action: () => void): Cancel {
    const timer = { due: this.#monotonic + Math.max(0, ms), order: this.#order++, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves the wall clock, as a wrong time server or an empty battery does. Timers do not notice. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  /** How many timers wait: what a leak check compares. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#monotonic = Math.max(this.#monotonic, next.due);
      this.#timers.delete(next);
      next.action();
      await settle();
    }
    this.#monotonic = end;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}
