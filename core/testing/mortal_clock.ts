import type { Cancel, Clock } from "../clock.ts";

/** A clock whose timers all end at once with `kill`: what a process loses when it is killed. */
export class MortalClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<Cancel>();
  #dead = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(ms: number, action: () => void): Cancel {
    if (this.#dead) return () => {};
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(end);
      action();
    });
    const end = () => {
      this.#timers.delete(end);
      cancel();
    };
    this.#timers.add(end);
    return end;
  }

  kill(): void {
    this.#dead = true;
    for (const end of [...this.#timers]) end();
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }
}
