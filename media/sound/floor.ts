/** Somebody who is heard, until `end`. */
export interface Speaker {
  session: string;
  end(): void;
}

export interface FloorOptions {
  /** Somebody is heard, and then nobody. */
  taken(): void;
  free(): void;
  /** Told that a session is over that nobody has ended by its name. */
  ended(session: string, why: string): void;
}

/** Where one is heard at a time: who comes takes the place of whoever was. */
export class Floor {
  readonly #options: FloorOptions;
  #speaker: Speaker | undefined;
  /** Counts how often it was cleared: who asked to be heard before that is not. */
  #era = 0;

  constructor(options: FloorOptions) {
    this.#options = options;
  }

  get isTaken(): boolean {
    return this.#speaker !== undefined;
  }

  get era(): number {
    return this.#era;
  }

  has(session: string): boolean {
    return this.#speaker?.session === session;
  }

  take(speaker: Speaker): void {
    const before = this.#speaker;
    this.#speaker = speaker;
    this.#options.taken();
    before?.end();
    if (before) this.#options.ended(before.session, "somebody else is heard now");
  }

  /** Ends the session where it is this one. */
  leave(session: string): boolean {
    const speaker = this.#speaker;
    if (speaker?.session !== session) return false;
    this.#speaker = undefined;
    speaker.end();
    this.#options.free();
    return true;
  }

  /** The session is over of itself. */
  over(session: string, why: string): void {
    if (this.leave(session)) this.#options.ended(session, why);
  }

  /** Whoever is heard is no longer. */
  clear(why: string): void {
    this.#era++;
    if (this.#speaker) this.over(this.#speaker.session, why);
  }
}
