import { type Cancel, LatchkeyError, oneAtATime } from "../../core/mod.ts";

/** Somebody who is heard at the panel. */
export interface Talk {
  session: string;
  deviceId: string;
  by: string;
  reply: string | null;
  /** Whether they still may. */
  still(): boolean;
}

/** Somebody who wants to be heard. */
export interface Wish {
  deviceId: string;
  /** Whether whoever is heard gives way. */
  takes: boolean;
  /** @throws {LatchkeyError} where they may no longer */
  assertStill(): void;
}

export interface TalksOptions {
  after(ms: number, action: () => void): Cancel;
  /** Ends it, whatever the other side does. */
  end(session: string): void;
  changed(): void;
}

/** An access that ends by time ends what is said within this, ms. */
const LOOK_EVERY_MS = 500;

/** Who is heard at the panel: one at a time. */
export class Talks {
  readonly #options: TalksOptions;
  #now: Talk | undefined;
  /** One is admitted after the other. */
  readonly #inTurn = oneAtATime();
  #coming = false;
  #cancelLook: Cancel = () => {};

  constructor(options: TalksOptions) {
    this.#options = options;
  }

  get now(): Talk | undefined {
    return this.#now;
  }

  /**
   * Lets somebody be heard, by what `open` begins, in place of whoever was: that one's end is told with who comes.
   * @throws {LatchkeyError} `talk-busy` (409), and as `open` and `assertStill` do
   */
  admit(wish: Wish, open: () => Promise<Talk>): Promise<void> {
    return this.#inTurn(() => this.#admit(wish, open));
  }

  async #admit({ deviceId, takes, assertStill }: Wish, open: () => Promise<Talk>): Promise<void> {
    // It may have been a while until it was their turn.
    assertStill();
    this.#assertFree(deviceId, takes);
    const before = this.#now;
    this.#coming = true;
    try {
      const talk = await open();
      try {
        this.#begin(talk);
        assertStill();
      } catch (error) {
        this.end(talk.session);
        throw error;
      }
    } finally {
      this.#coming = false;
      if (this.#now !== before) this.#options.changed();
    }
  }

  #assertFree(deviceId: string, takes: boolean): void {
    const now = this.#now;
    if (!now || takes || now.deviceId === deviceId) return;
    const what = now.reply === null ? `${now.by} is speaking` : `"${now.reply}" is being played`;
    throw new LatchkeyError("talk-busy", `${what} at the panel; with take=true you take over`, {
      status: 409,
      details: { by: now.by },
    });
  }

  /** One who has lost access meanwhile is ended at once. */
  #begin(talk: Talk): void {
    this.#now = talk;
    this.#cancelLook();
    if (!talk.still()) return this.end(talk.session);
    this.#cancelLook = this.#options.after(LOOK_EVERY_MS, () => this.#look());
  }

  /** It is over already. */
  over(session: string): void {
    if (this.#now?.session !== session) return;
    this.#now = undefined;
    this.#cancelLook();
    if (!this.#coming) this.#options.changed();
  }

  end(session: string): void {
    this.over(session);
    this.#options.end(session);
  }

  /** That of a device that has lost access, or must show again that it has it. */
  endOf(devices: readonly string[]): void {
    if (this.#now && devices.includes(this.#now.deviceId)) this.end(this.#now.session);
  }

  #look(): void {
    const now = this.#now;
    if (!now) return;
    if (!now.still()) return this.end(now.session);
    this.#cancelLook = this.#options.after(LOOK_EVERY_MS, () => this.#look());
  }
}
