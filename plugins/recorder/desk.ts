import {
  type Context,
  errorText,
  type InTurn,
  LatchkeyError,
  oneAtATime,
  type TimeService,
} from "../../core/mod.ts";
import type { Card, UsableCard } from "./card/card.ts";
import { type Cause, recordingChanged } from "./model.ts";
import { nameOf } from "./clip/names.ts";
import { type Library, type Listed, removeClip } from "./library.ts";
import type { Playback } from "./playback.ts";
import type { Recordings } from "./recordings.ts";
import { toRemove } from "./retention.ts";
import { Undated } from "./undated.ts";

export interface DeskOptions {
  ctx: Pick<Context, "clock" | "log" | "emit" | "signal">;
  time: Pick<TimeService, "trusted">;
  card: Card;
  library: Library;
  playback: Playback;
  recordings(): Recordings;
  keepMs: Record<Cause, number>;
}

/** Calls' pictures are kept as long as the call log may be at most, ms. */
const SNAPSHOT_MS = 90 * 24 * 60 * 60_000;

/** A clock that was moved by less was right, ms. */
const MOVED_MS = 1_000;

/** What is done with recordings that are there. */
export class Desk {
  readonly #options: DeskOptions;
  /** The card that the index was compared with, and whether what was cut off on it could be finished. */
  #scanned: string | undefined;
  #scanning: Promise<void> | undefined;
  #tidying: Promise<void> | undefined;
  readonly #undatedClips: Undated;
  readonly #undatedPictures: Undated;

  /**
   * Whatever gives, changes or takes the name of a recording, one after the other: a card may take seconds for it, and
   * the index is to say what came of it.
   */
  readonly inTurn: InTurn = oneAtATime();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#undatedClips = new Undated(options.ctx.clock);
    this.#undatedPictures = new Undated(options.ctx.clock);
  }

  /** A recording is begun, or the picture of a call is kept, and is given the time that the clock shows. */
  dated(made: { clip: string } | { picture: string }): void {
    const trusted = this.#options.time.trusted();
    const added = "clip" in made
      ? this.#undatedClips.add(made.clip, trusted)
      : this.#undatedPictures.add(made.picture, trusted);
    added.catch(() => {});
  }

  /** The card, once it is known what is on it. @throws {LatchkeyError} `card-unusable` (409) */
  async shelf(): Promise<UsableCard> {
    const readable = this.#options.card.readable;
    if (!readable) throw unusable(this.#options.card.view.state);
    await this.noticed();
    return readable;
  }

  /** The card may be another one, or be back. */
  async noticed(): Promise<void> {
    const { card, playback } = this.#options;
    const { readable } = card;
    if (!readable) {
      this.#scanned = undefined;
      return playback.close();
    }
    const scanned = `${readable.id} ${card.usable !== undefined}`;
    if (this.#scanned === scanned) return this.#scanning;
    this.#scanned = scanned;
    playback.close();
    const scanning = this.#scanning = this.#scan(readable);
    await scanning;
  }

  /** A recording was cut off, and its card may be in order. */
  cutOff(): void {
    this.#scanned = undefined;
    this.noticed().catch(() => {});
  }

  async #scan(readable: UsableCard): Promise<void> {
    const { card, ctx, library, recordings } = this.#options;
    try {
      await this.inTurn(() => library.scan(readable, recordings().running, card.usable !== undefined));
    } catch (error) {
      this.#scanned = undefined;
      ctx.log.warn("What is on the card can't be read", { error: errorText(error) });
      card.failed(error);
      return;
    }
    // Who wants to see what is there does not wait for it.
    this.tidy().catch((error) =>
      ctx.log.warn("Old recordings can't be deleted", { error: errorText(error) })
    );
  }

  /** Nothing is under way any more. */
  async rest(): Promise<void> {
    await this.#scanning?.catch(() => {});
    await this.#tidying?.catch(() => {});
    await this.inTurn(() => {});
  }

  /** Deletes what is too old, and what room is needed for. One at a time. */
  tidy(): Promise<void> {
    return this.#tidying ??= this.#tidyNow().finally(() => void (this.#tidying = undefined));
  }

  async #tidyNow(): Promise<void> {
    const { card, ctx, library, time, keepMs } = this.#options;
    const { readable } = card;
    const { state } = card.view;
    const trusted = await time.trusted();
    const now = ctx.clock.now();
    if (trusted) {
      for (const [call, ms] of this.#undatedPictures.shifts()) {
        library.moveSnapshot(call, ms);
        this.#undatedPictures.delete(call);
      }
      library.forgetSnapshots(now - SNAPSHOT_MS);
    }
    if (!readable || (state !== "normal" && state !== "full") || ctx.signal.aborted) return;
    try {
      if (trusted) await this.#date(readable);
      const space = await readable.files.space();
      // One that has ended since it was looked at above gets its time in the next round.
      const dated = library.list(readable.id).filter(({ id }) => !trusted || !this.#undatedClips.has(id));
      const gone = toRemove(dated, { now: trusted ? now : undefined, keepMs, space });
      for (const { id } of gone) {
        await this.inTurn(async () => {
          // It may have gone meanwhile, or somebody wants it to stay.
          const clip = library.find(readable.id, id);
          if (clip && !clip.protected) await this.#remove(readable, clip);
        });
      }
      if (gone.length > 0 || state === "full") await card.look();
    } catch (error) {
      ctx.log.warn("Old recordings can't be deleted", { error: errorText(error) });
      card.failed(error);
    }
  }

  /** Else they would count as far too old, or for years as new. */
  async #date(card: UsableCard): Promise<void> {
    for (const [id, ms] of this.#undatedClips.shifts()) {
      await this.inTurn(async () => {
        const clip = this.#options.library.find(card.id, id);
        // Still under way, or on another card.
        if (!clip || clip.ms === null) return;
        if (Math.abs(ms) > MOVED_MS) await this.#change(card, clip, { startedAt: clip.startedAt + ms });
        this.#undatedClips.delete(id);
      });
    }
  }

  /** @throws {LatchkeyError} `clip-unknown` (404), `clip-running`, `card-unusable` (409) */
  async delete(id: string): Promise<void> {
    const card = await this.#writable();
    await this.inTurn(() => this.#remove(card, this.#whole(card, id)));
  }

  /** @throws {LatchkeyError} as `delete` */
  async protect(id: string, isProtected: boolean): Promise<Listed> {
    const card = await this.#writable();
    return await this.inTurn(() => this.#change(card, this.#whole(card, id), { protected: isProtected }));
  }

  async #change(
    card: UsableCard,
    clip: Listed,
    change: Partial<Pick<Listed, "protected" | "startedAt">>,
  ): Promise<Listed> {
    const { bytes, ...changed } = { ...clip, ...change };
    const name = nameOf(changed);
    if (name === clip.name) return clip;
    this.#options.playback.close((open) => open === clip.name);
    await card.files.rename(clip.name, name);
    this.#options.library.put(card.id, { ...changed, name }, bytes);
    this.#options.ctx.emit(recordingChanged, { id: clip.id, change: "changed" });
    return { ...changed, name, bytes };
  }

  async #remove(card: UsableCard, clip: Listed): Promise<void> {
    this.#options.playback.close((open) => open === clip.name);
    await removeClip(this.#options.library, card, clip);
    this.#options.ctx.emit(recordingChanged, { id: clip.id, change: "removed" });
  }

  #whole(card: UsableCard, id: string): Listed {
    const clip = this.#options.library.get(card.id, id);
    if (clip.ms !== null) return clip;
    throw new LatchkeyError("clip-running", "This is still being recorded", { status: 409 });
  }

  async #writable(): Promise<UsableCard> {
    const card = await this.shelf();
    const { state } = this.#options.card.view;
    if (state !== "normal" && state !== "full") throw unusable(state);
    return card;
  }
}

export function unusable(state: string): LatchkeyError {
  const sentences: Record<string, string> = {
    "absent": "There is no card in the slot",
    "uninitialized": "The card is to be initialized before it is used",
    "initializing": "The card is being initialized",
    "full": "The card is full, and deleting all that may go would not make enough room",
    "read-only": "The card can't be written to",
    "error": "The card does not work",
  };
  return new LatchkeyError("card-unusable", sentences[state] ?? "The card can't be used", {
    status: 409,
    details: { state },
  });
}
