import { Buffer } from "node:buffer";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";

const LIFE_MS = 10 * 60_000;
/** At a time; a further one takes the place of the oldest. */
const MOST = 50;

/**
 * Invitations that have not been taken up. In memory and by monotonic time: they live for ten minutes, so that a restart
 * ends them and a wrong clock changes nothing.
 */
export class Invitations<T> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #open = new Map<string, { what: T; until: number }>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  open(what: T): { code: string; remainingMs: number } {
    const code = Buffer.from(this.#random(16)).toString("base64url");
    this.#open.set(code, { what, until: this.#clock.monotonic() + LIFE_MS });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST && oldest !== undefined) this.#open.delete(oldest);
    return { code, remainingMs: LIFE_MS };
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
