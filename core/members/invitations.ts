import { Buffer } from "node:buffer";
import type { Actor } from "../access/model.ts";
import type { Clock } from "../clock.ts";
import { type Random, randomId } from "../random.ts";
import type { Paired } from "./keys.ts";
import type { NewMember } from "./model.ts";

const LIFE_MS = 10 * 60_000;
/** At a time; a further one takes the place of the oldest. */
const MOST = 50;

/** Whom an invitation is for. */
export type Wanted =
  & { by: Actor }
  & ({ kind: "member"; member: NewMember } | { kind: "device"; memberId: string });

/** Whom an invitation was for that was taken up: the answer may have been lost on its way. */
export interface Taken {
  by: Actor;
  kind: "taken";
  memberId: string;
  publicKey: string;
  paired: Paired;
}

interface Open {
  id: string;
  what: Wanted | Taken;
  until: number;
}

/**
 * Invitations and whom they are for. In memory and by monotonic time: they live for ten minutes, so that a restart
 * ends them and a wrong clock changes nothing.
 */
export class Invitations {
  readonly #clock: Clock;
  readonly #random: Random;
  /** By code. */
  readonly #open = new Map<string, Open>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  open(what: Wanted): { id: string; code: string; remainingMs: number } {
    const id = `invitation-${randomId(this.#random).slice(0, 12)}`;
    const code = Buffer.from(this.#random(16)).toString("base64url");
    this.#open.set(code, { id, what, until: this.#clock.monotonic() + LIFE_MS });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST && oldest !== undefined) this.#open.delete(oldest);
    return { id, code, remainingMs: LIFE_MS };
  }

  /** Those that are still good and were not taken up, oldest first. */
  list(): { id: string; what: Wanted; remainingMs: number }[] {
    const now = this.#clock.monotonic();
    return [...this.#open.values()].flatMap(({ id, what, until }) =>
      now < until && what.kind !== "taken" ? [{ id, what, remainingMs: Math.ceil(until - now) }] : []
    );
  }

  /** Ends one that was not taken up; false where there is none with this id. */
  withdraw(id: string): boolean {
    const [code] = [...this.#open].find(([, open]) => open.id === id && open.what.kind !== "taken") ?? [];
    return code !== undefined && this.#open.delete(code);
  }

  /** What it is for; undefined where there is no such invitation, or no longer. */
  find(code: string): Wanted | Taken | undefined {
    const found = this.#open.get(code);
    return found && this.#clock.monotonic() < found.until ? found.what : undefined;
  }

  /** Notes who has taken it up, for the rest of its time. */
  take(code: string, what: Taken): void {
    const found = this.#open.get(code);
    if (found) found.what = what;
  }

  /** Ends those for which `ended` says so. */
  closeWhere(ended: (what: Wanted | Taken) => boolean): void {
    for (const [code, { what }] of this.#open) if (ended(what)) this.#open.delete(code);
  }
}
