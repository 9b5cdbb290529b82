import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import type { Append } from "../access/access_log.ts";
import type { Actor } from "../access/model.ts";
import type { Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { KeptCode } from "./kept_code.ts";
import type { NewDeviceKey, Paired } from "./keys.ts";
import type { NewMember } from "./model.ts";

/** How long somebody's presence counts, and how long a claim waits for it, ms. */
const WINDOW_MS = 120_000;
const TRIES = 5;

export interface ClaimParts {
  clock: Clock;
  random: Random;
  /** Whether there is an owner. */
  claimed(): boolean;
  /** Whether the code itself shows that someone is at the unit: it was printed where only they can read it. */
  presenceByCode: boolean;
  /** Told of each code, to show it to whoever is at the unit. */
  offer(code: string): void;
  kept: KeptCode;
  admit(member: NewMember, key: NewDeviceKey, by: Actor, also: (append: Append) => void): Paired;
  removeCards(append: Append): void;
}

export interface ClaimWish extends NewDeviceKey {
  code: string;
  /** What to call the owner. */
  name: string;
  /** Whether cards of an earlier owner go. */
  removeCards: boolean;
}

export type ClaimOutcome = { state: "claimed"; paired: Paired } | { state: "waiting"; remainingMs: number };

/**
 * A panel without an owner is claimed by whoever has its code and is at the unit: in either order, within two minutes.
 * Five wrong codes void it, one right use too; the next one comes with a press of the inside button.
 */
export class Claim {
  readonly #parts: ClaimParts;
  #code: string | undefined;
  #triesLeft = 0;
  /** Monotonic ms until which someone is at the unit. */
  #presentUntil = -Infinity;
  /** The last claim that went through, for a device that did not hear of it. */
  #told: { code: string; publicKey: string; paired: Paired; until: number } | undefined;
  /** Who showed the right code first and waits: nobody else gets in between. */
  #waiting: { publicKey: string; until: number } | undefined;

  constructor(parts: ClaimParts) {
    this.#parts = parts;
  }

  /** Shows the code that was kept, or a new one, where the panel has no owner. */
  begin(): void {
    const { claimed, kept, offer, random } = this.#parts;
    if (claimed()) return;
    this.#told = undefined;
    const before = kept.read();
    this.#code = before ?? Buffer.from(random(16)).toString("base64url");
    if (before === undefined) kept.keep(this.#code);
    this.#triesLeft = TRIES;
    this.#waiting = undefined;
    offer(this.#code);
  }

  present(): void {
    if (this.#parts.claimed()) return;
    this.#presentUntil = this.#parts.clock.monotonic() + WINDOW_MS;
    if (this.#code === undefined) this.begin();
  }

  /**
   * Makes the caller the owner, or says that someone has to press the inside button first.
   * @throws {LatchkeyError} `claimed`, `claim-void`, `claim-busy` (409), `claim-wrong` (403)
   */
  attempt({ code, name, deviceName, publicKey, removeCards }: ClaimWish): ClaimOutcome {
    const now = this.#parts.clock.monotonic();
    if (this.#parts.claimed()) {
      const told = this.#told;
      const isSame = told && now < told.until && told.publicKey === publicKey && sameText(code, told.code);
      if (isSame) return { state: "claimed", paired: told.paired };
      throw refusal("claimed", "This panel has an owner already; ask them for an invitation");
    }
    this.#checkCode(code);
    if (this.#waiting && now < this.#waiting.until && this.#waiting.publicKey !== publicKey) {
      throw refusal("claim-busy", "Another device is claiming this panel right now; wait two minutes");
    }
    if (!this.#parts.presenceByCode && now >= this.#presentUntil) {
      const same = this.#waiting?.publicKey === publicKey && now < this.#waiting.until;
      if (!same) this.#waiting = { publicKey, until: now + WINDOW_MS };
      return { state: "waiting", remainingMs: Math.ceil(this.#waiting!.until - now) };
    }
    const owner: NewMember = { name, role: "owner", until: null, terms: null, scopes: [] };
    const by: Actor = { kind: "system", id: "claim", scopes: [] };
    const paired = this.#parts.admit(owner, { deviceName, publicKey }, by, (append) => {
      append({ kind: "claim", outcome: "claimed", actor: by, via: "system", detail: { name, removeCards } });
      if (removeCards) this.#parts.removeCards(append);
    });
    this.#told = { code, publicKey, paired, until: now + WINDOW_MS };
    this.#void();
    this.#waiting = undefined;
    this.#presentUntil = -Infinity;
    return { state: "claimed", paired };
  }

  #void(): void {
    this.#code = undefined;
    this.#parts.kept.forget();
  }

  #checkCode(given: string): void {
    if (this.#code === undefined) {
      throw refusal(
        "claim-void",
        "There is no code to claim this panel with; press the inside button for a new one",
      );
    }
    if (sameText(given, this.#code)) return;
    this.#triesLeft--;
    if (this.#triesLeft > 0) {
      throw new LatchkeyError("claim-wrong", `This is not the panel's code; ${this.#triesLeft} more tries`, {
        status: 403,
      });
    }
    this.#void();
    this.#waiting = undefined;
    throw new LatchkeyError(
      "claim-wrong",
      "This is not the panel's code, and after five wrong ones it is void; press the inside button for a new one",
      { status: 403 },
    );
  }
}

function refusal(code: string, message: string): LatchkeyError {
  return new LatchkeyError(code, message, { status: 409 });
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
