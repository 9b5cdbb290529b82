import type { Clock } from "../../core/mod.ts";
import type { OwnRecord } from "./records.ts";

/** So many at once, and so many a second after that. */
export class Budget {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #since: number;

  constructor(clock: Clock, { perSecond, most }: { perSecond: number; most: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#most = this.#left = most;
    this.#since = clock.monotonic();
  }

  take(): boolean {
    const now = this.#clock.monotonic();
    this.#left = Math.min(this.#most, this.#left + (now - this.#since) * this.#perSecond / 1_000);
    this.#since = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

/** When each record was last sent to everyone. */
export class SentLog {
  readonly #clock: Clock;
  readonly #at = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those that were not sent within `ms`. */
  due(records: readonly OwnRecord[], ms: number): OwnRecord[] {
    return records.filter(({ id }) => this.#ago(id) >= ms);
  }

  /** RFC 6762, 5.4: whether everyone was told each of these within a quarter of its time. */
  areFresh(records: readonly OwnRecord[]): boolean {
    return records.every(({ id, ttl }) => this.#ago(id) < ttl * 1_000 / 4);
  }

  note(records: readonly OwnRecord[]): void {
    for (const { id } of records) this.#at.set(id, this.#clock.monotonic());
  }

  /** Records come and go. */
  forget(records: readonly OwnRecord[]): void {
    for (const { id } of records) this.#at.delete(id);
  }

  #ago(id: string): number {
    return this.#clock.monotonic() - (this.#at.get(id) ?? -Infinity);
  }
}
