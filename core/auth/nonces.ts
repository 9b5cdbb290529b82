import { Buffer } from "node:buffer";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";

/** How long a nonce is handed out, ms; it is taken for as long again. */
const WINDOW_MS = 60_000;
/** Proofs of one key in one window. */
const MOST_PROOFS = 6_000;
/** Keys of strangers in one window; beyond it those that have not been seen wait for the next. */
const MOST_STRANGERS = 2_000;

interface Window {
  nonce: string;
  /** When it was made, monotonic ms. */
  since: number;
  /** Proofs used, by key: of devices that the panel knows, whose number is limited by itself, and of all others. */
  known: Map<string, Set<string>>;
  strange: Map<string, Set<string>>;
}

export type NonceVerdict = "fresh" | "stale" | "replayed" | "busy";

/**
 * Nonces for signed requests. Fresh random ones with each start and each minute: so a proof that was used can be
 * refused from memory alone, also after a restart, and neither the panel's clock nor the client's has to be right.
 */
export class Nonces {
  readonly #clock: Clock;
  readonly #random: Random;
  #windows: Window[] = [];

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The one to use now. */
  current(): string {
    const now = this.#clock.monotonic();
    if (this.#windows[0] === undefined || now - this.#windows[0].since >= WINDOW_MS) {
      const fresh = {
        nonce: Buffer.from(this.#random(16)).toString("base64url"),
        since: now,
        known: new Map(),
        strange: new Map(),
      };
      this.#windows = [fresh, ...this.#windows].slice(0, 2);
    }
    return this.#windows[0]!.nonce;
  }

  /**
   * Uses up one proof. Ask once its signature is known to be good, else anyone could use up another's.
   * @param key the public key that signed, spelled one way
   * @param id the proof's own id
   * @param isKnown whether it is the key of a device of this panel: strangers take no room from those
   */
  use(nonce: string | undefined, key: string, id: string, isKnown: boolean): NonceVerdict {
    const window = this.#find(nonce);
    if (!window) return "stale";
    const used = isKnown ? window.known : window.strange;
    const ids = used.get(key);
    if (ids?.has(id)) return "replayed";
    if (ids ? ids.size >= MOST_PROOFS : !isKnown && used.size >= MOST_STRANGERS) return "busy";
    if (ids) ids.add(id);
    else used.set(key, new Set([id]));
    return "fresh";
  }

  /** Whether a proof with this nonce is worth checking. */
  knows(nonce: string | undefined): boolean {
    return this.#find(nonce) !== undefined;
  }

  #find(nonce: string | undefined): Window | undefined {
    const now = this.#clock.monotonic();
    return this.#windows.find((window) => window.nonce === nonce && now - window.since < 2 * WINDOW_MS);
  }
}
