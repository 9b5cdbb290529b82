import { setImmediate } from "node:timers";
import { z } from "zod";
import {
  type Context,
  errorText,
  LatchkeyError,
  type Part,
  type PartCommand,
  partCommand,
  partOccurred,
} from "../../core/mod.ts";
import type { Publish } from "./lane.ts";
import type { PartBook } from "./part_book.ts";
import { Rate } from "./rate.ts";
import { TAKE_PICTURE, type Topics } from "./topics.ts";

/** What comes later shows who was there, not who is, ms. */
const TAKE_MS = 10_000;
/** From the beginning of a part's picture to that of its next, ms. */
const PAUSE_MS = 1_000;
/** Some brokers take no more than 1 MiB, bytes. */
const LONGEST = 1_000_000;

/** Of one part: no more than one picture is being taken or told, and one more is wanted. */
interface Turn {
  isBusy: boolean;
  isDue: boolean;
}

export interface PictureParts {
  ctx: Pick<Context, "after" | "clock" | "log" | "on" | "signal">;
  topics: Topics;
  book: Pick<PartBook, "all" | "get">;
}

/**
 * Tells what parts look like when somebody rings, when something moves and when the home asks. Nobody waits for it, and
 * nothing is kept: what can't be told at once is not told.
 */
export class Pictures {
  readonly #parts: PictureParts;
  readonly #turns = new WeakMap<Part, Turn>();
  readonly #lines: Rate;
  #publish: Publish | undefined;

  constructor(parts: PictureParts) {
    this.#parts = parts;
    const { ctx, book } = parts;
    this.#lines = new Rate(ctx.clock, 10, 5_000);
    ctx.on(partOccurred, ({ id }) => {
      const part = book.get(id);
      const meaning = part?.events?.meaning;
      if (!part || (meaning !== "bell" && meaning !== "motion")) return;
      // What has no eyes of its own is looked at by all that have.
      for (const seeing of part.picture ? [part] : book.all()) this.#want(seeing);
    });
  }

  up(publish: Publish): void {
    this.#publish = publish;
  }

  down(): void {
    this.#publish = undefined;
  }

  /** Ends at once: commands are done one after the other, and the next may be a release. */
  commandOf(part: Part, name: string): PartCommand | undefined {
    if (!part.picture || name !== TAKE_PICTURE) return undefined;
    return partCommand(z.strictObject({}), () => this.#want(part));
  }

  #want(part: Part): void {
    if (!part.picture || !this.#publish) return;
    const turn = this.#turns.get(part) ?? { isBusy: false, isDue: false };
    this.#turns.set(part, turn);
    turn.isDue = true;
    if (turn.isBusy) return;
    turn.isBusy = true;
    // Once what happened has been answered: who waits at the door comes first.
    setImmediate(() => void this.#serve(part, turn));
  }

  async #serve(part: Part, turn: Turn): Promise<void> {
    const { ctx } = this.#parts;
    while (turn.isDue && !ctx.signal.aborted) {
      turn.isDue = false;
      const rested = new Promise<void>((done) => ctx.after(PAUSE_MS, done));
      await this.#tell(part);
      await rested;
    }
    turn.isBusy = false;
  }

  /** Never rejects. */
  async #tell(part: Part): Promise<void> {
    const { book, topics } = this.#parts;
    const publish = this.#publish;
    if (!publish || book.get(part.id) !== part) return;
    let picture: Uint8Array;
    try {
      picture = asTold(await this.#pictureOf(part));
    } catch (error) {
      this.#warn("A part gives no picture", part, error);
      return;
    }
    if (book.get(part.id) !== part) return;
    try {
      // Of the connection of when it was wanted; one that has ended since tells nothing.
      await publish(topics.picture(part.id), picture, false);
    } catch (error) {
      if (error instanceof LatchkeyError) this.#warn("A picture is not told", part, error);
    }
  }

  #pictureOf(part: Part): Promise<Uint8Array | undefined> {
    return new Promise((done, fail) => {
      const giveUp = () => fail(new Error(`No picture in ${TAKE_MS / 1_000} s`));
      const cancel = this.#parts.ctx.after(TAKE_MS, giveUp);
      new Promise<Uint8Array | undefined>((given) => given(part.picture?.())).then(done, fail).finally(
        cancel,
      );
    });
  }

  #warn(message: string, { id }: Part, error: unknown): void {
    if (this.#lines.take()) this.#parts.ctx.log.warn(message, { part: id, error: errorText(error) });
  }
}

/** @throws where it is none that is told */
function asTold(picture: Uint8Array | undefined): Uint8Array {
  if (picture?.[0] !== 0xff || picture[1] !== 0xd8) throw new Error("It is no JPEG");
  if (picture.length <= LONGEST) return picture;
  throw new Error(`The picture has ${picture.length} bytes; at most ${LONGEST} are told`);
}
