/** Puts what a program gives, on a clock of its own, onto the clock of this process. */
export class Timeline {
  readonly #most: number;
  #offset: number | undefined;
  #last = -Infinity;

  /** @param most where its own time and its arrival are further apart, its own is not believed, ms */
  constructor(most: number) {
    this.#most = most;
  }

  /** @returns a time that is greater than the one before, ms */
  place(own: number, now: number): number {
    this.#offset ??= now - own;
    if (Math.abs(own + this.#offset - now) > this.#most) this.#offset = now - own;
    return this.#last = Math.max(own + this.#offset, this.#last + 1);
  }

  /** The program begins anew. */
  reset(): void {
    this.#offset = undefined;
  }
}
