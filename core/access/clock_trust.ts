import type { Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { ClockWatch, TOLERANCE_MS } from "./clock_watch.ts";
import type { LogEntry } from "./keys.ts";
import type { Actor } from "./model.ts";

/** A panel that was off for longer does not believe its clock. */
const LONGEST_PAUSE_MS = 400 * 24 * 60 * 60_000;
/** No panel with this program is older. */
const OLDEST = Date.UTC(2025, 0, 1);
/** A jump back while the panel is off is noticed if it goes behind the newest time kept; so this bounds the gap. */
const KEEP_EVERY_MS = 5 * 60_000;

const DOUBT = "clock.doubt";
const NEWEST = "clock.newest";

export interface ClockTrustState {
  trusted: boolean;
  /** jumped: while the panel ran. implausible: at the start, and until a plausible time comes. */
  doubt: "jumped" | "implausible" | null;
}

/**
 * Whether the wall clock can be believed. A jump is doubted until the clock is back where it was, in the same process,
 * or until a person confirms it; restarts do not help.
 */
export class ClockTrust {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #watch: ClockWatch;
  /** The newest time that was believed before this start, ms. */
  readonly #newest: number | undefined;
  #doubt: ClockTrustState["doubt"] = null;
  /** The time before the jump is not known to this process: only a person can end the doubt. */
  #jumpedBefore = false;
  #unsaved: Actor | undefined;
  #kept = -Infinity;
  #write: () => void;

  constructor(clock: Clock, store: Store) {
    this.#clock = clock;
    this.#store = store;
    this.#watch = new ClockWatch(clock);
    this.#write = () => this.#writeAlone();
    this.#newest = newestBelieved(store);
    this.#jumpedBefore = readMeta(store, DOUBT) === "jumped";
    if (this.#jumpedBefore) this.#doubt = "jumped";
    else if (!this.#plausible()) this.#change("implausible", SYSTEM);
  }

  /** Looks at both clocks now. */
  trusted(): boolean {
    if (this.#doubt === null) {
      if (this.#watch.steady()) this.#watch.follow();
      else this.#change("jumped", SYSTEM);
    } else if (this.#restored()) {
      this.#watch.anchor();
      this.#change(null, SYSTEM);
    }
    return this.#doubt === null;
  }

  state(): ClockTrustState {
    return { trusted: this.trusted(), doubt: this.#doubt };
  }

  /**
   * A person says that the clock is right. Durable when it returns.
   * @throws {LatchkeyError} `clock-wrong` (409) where it shows a time that can't be
   */
  confirm(actor: Actor): void {
    const now = this.#clock.now();
    if (!(now >= OLDEST)) {
      throw new LatchkeyError(
        "clock-wrong",
        `The panel's clock shows ${new Date(now).toISOString()}, which can't be. Set it, then confirm`,
        { status: 409 },
      );
    }
    const before = this.#doubt;
    this.#change(null, actor);
    this.#watch.anchor();
    try {
      this.#write();
    } catch (error) {
      this.#doubt = before;
      this.#jumpedBefore = before === "jumped";
      this.#unsaved = undefined;
      throw error;
    }
    this.#jumpedBefore = false;
  }

  /** Has changes written by the access log, which adds a row to them. */
  writeWith(write: () => void): void {
    this.#write = write;
  }

  /** Whether a change waits to be written. */
  get changed(): boolean {
    return this.#unsaved !== undefined;
  }

  /** Within a transaction: writes a change that has come since the last `saved`. */
  save(append: (entry: LogEntry) => unknown): void {
    if (!this.#unsaved) return;
    const trusted = this.#doubt === null;
    writeMeta(this.#store, DOUBT, this.#doubt ?? "");
    if (trusted) this.#keepNow();
    append({
      kind: "clock",
      outcome: trusted ? "trusted" : "untrusted",
      actor: this.#unsaved,
      via: this.#unsaved.kind === "system" ? "system" : "api",
      detail: { doubt: this.#doubt },
    });
  }

  /** The transaction of `save` is on disk. */
  saved(): void {
    this.#unsaved = undefined;
  }

  /** Now and then: notices a jump when nobody comes, and keeps the time on disk. */
  tick(): void {
    const trusted = this.trusted();
    if (this.#unsaved) this.#write();
    const due = this.#clock.monotonic() - this.#kept >= KEEP_EVERY_MS;
    if (trusted && due) this.#store.transaction(() => this.#keepNow());
  }

  #restored(): boolean {
    if (this.#doubt === "implausible") return this.#plausible();
    return !this.#jumpedBefore && this.#watch.steady();
  }

  #plausible(): boolean {
    const now = this.#clock.now();
    if (!(now >= OLDEST)) return false;
    if (this.#newest === undefined) return true;
    return now >= this.#newest - TOLERANCE_MS && now <= this.#newest + LONGEST_PAUSE_MS;
  }

  #change(doubt: ClockTrustState["doubt"], by: Actor): void {
    this.#doubt = doubt;
    this.#unsaved = by;
  }

  #keepNow(): void {
    writeMeta(this.#store, NEWEST, String(Math.trunc(this.#clock.now())));
    this.#kept = this.#clock.monotonic();
  }

  #writeAlone(): void {
    this.#store.transaction(() => this.save(() => {}));
    this.saved();
  }
}

export function createClockTrust(parts: { clock: Clock; store: Store }): ClockTrust {
  return new ClockTrust(parts.clock, parts.store);
}

const SYSTEM: Actor = { kind: "system", id: "clock", scopes: [] };

function newestBelieved(store: Store): number | undefined {
  const row = store.prepare("SELECT at FROM access_log WHERE clock_trusted = 1 ORDER BY seq DESC LIMIT 1")
    .get();
  const kept = readMeta(store, NEWEST);
  const times = [row?.["at"], kept === undefined ? undefined : Number(kept)]
    .filter((time): time is number => typeof time === "number" && Number.isFinite(time));
  return times.length > 0 ? Math.max(...times) : undefined;
}

function readMeta(store: Store, key: string): string | undefined {
  const value = store.prepare("SELECT value FROM meta WHERE key = ?").get(key)?.["value"];
  return typeof value === "string" ? value : undefined;
}

function writeMeta(store: Store, key: string, value: string): void {
  store.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(key, value);
}
