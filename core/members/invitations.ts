import { Buffer } from "node:buffer";
import type { Clock } from "../clock.ts";
import { type Random, randomId } from "../random.ts";

const LIFE_MS = 10 * 60_000;
/** At a time; a further one takes the place of the oldest. */
const MOST = 50;

export interface Open<T> {
  id: string;
  what: T;
  /** What is left of its time, ms. */
  remainingMs: number;
}

/**
 * Invitations that have not been taken up. In memory and by monotonic time: they live for ten minutes, so that a restart
 * ends them and a wrong clock changes nothing.
 */
export class Invitations<T> {
  readonly #clock: Clock;
  readonly #random: Random;
  /** By code. */
  readonly #open = new Map<string, { id: string; what: T; until: number }>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  open(what: T): { id: string; code: string; remainingMs: number } {
    const id = `invitation-${randomId(this.#random).slice(0, 12)}`;
    const code = Buffer.from(this.#random(16)).toString("base64url");
    this.#open.set(code, { id, what, until: this.#clock.monotonic() + LIFE_MS });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST && oldest !== undefined) this.#open.delete(oldest);
    return { id, code, remainingMs: LIFE_MS };
  }

  /** Those that are still good, oldest first. */
  list(): Open<T>[] {
    const now = this.#clock.monotonic();
    return [...this.#open.values()].filter(({ until }) => now < until)
      .map(({ id, what, until }) => ({ id, what, remainingMs: Math.ceil(until - now) }));
  }

  /** Ends one; false where there is none with this id. */
  withdraw(id: string): boolean {
    const [code] = [...this.#open].find(([, open]) => open.id === id) ?? [];
    return code !== undefined && this.#open.delete(code);
  }

  /** What it is for; undefined where there is no such invitation, or no longer. */
  find(code: string): T | undefined {
    const found = this.#open.get(code);
    return found && this.#clock.monotonic() < found.until ? found.what : undefined;
  }

  close(code: string): void {
    this.#open.delete(code);
  }

  /** Ends those for which `ended` says so. */
  closeWhere(ended: (what: T) => boolean): void {
    for (const [code, { what }] of this.#open) if (ended(what)) this.#open.delete(code);
  }
}
