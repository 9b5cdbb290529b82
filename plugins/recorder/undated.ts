import type { Clock } from "../../core/mod.ts";

/** More are not remembered: then the oldest keep the time that they were given. */
const MOST = 10_000;

/** What was made while the clock was not believed. Once it is, the time since then says when that was. */
export class Undated {
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  /** By id: how far the wall clock was from the monotonic one, ms. */
  readonly #offsets = new Map<string, number>();

  constructor(clock: Pick<Clock, "now" | "monotonic">) {
    this.#clock = clock;
  }

  /** It is made now. @param trusted whether the clock is believed */
  async add(id: string, trusted: Promise<boolean>): Promise<void> {
    const offset = this.#offset;
    if (await trusted) return;
    this.#offsets.set(id, offset);
    if (this.#offsets.size > MOST) this.#offsets.delete(this.#offsets.keys().next().value!);
  }

  has(id: string): boolean {
    return this.#offsets.has(id);
  }

  delete(id: string): void {
    this.#offsets.delete(id);
  }

  /** By how much the time of each is to be moved, ms; to be asked only while the clock is believed. */
  shifts(): [id: string, ms: number][] {
    return [...this.#offsets].map(([id, offset]) => [id, Math.round(this.#offset - offset)]);
  }

  get #offset(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
