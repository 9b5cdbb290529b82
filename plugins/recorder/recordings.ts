import { type Cancel, type Clock, errorText, type Log } from "../../core/mod.ts";
import type { MediaService } from "../../media/keys.ts";
import type { Card, UsableCard } from "./card/card.ts";
import { wholeParts } from "./clip/boxes.ts";
import { lengthOf } from "./clip/movie.ts";
import { type NamedClip, nameOf, thumbnailOf } from "./clip/names.ts";
import { ClipWriter } from "./clip/writer.ts";
import { type Cause, LONGEST_CLIP_MS } from "./model.ts";
import type { Library } from "./library.ts";
import { sealedWhole } from "./seal/header.ts";
import type { Vault } from "./seal/vault.ts";

/** What can't be recorded now is tried again after this, ms. */
const RETRY_MS = 2_000;

export interface RecordingsOptions {
  media: Pick<MediaService, "record" | "snapshot">;
  camera: string;
  definition: Parameters<MediaService["record"]>[0]["definition"];
  sound: boolean;
  /** What a recording has of the time before it, ms. */
  beforeMs(): number;
  card: Card;
  library: Library;
  vault: Vault;
  clock: Clock;
  log: Log;
  freshId(): string;
  /** What is recorded has changed. */
  changed(): void;
  /** A clip is begun and given the time. */
  dated(id: string): void;
  /** A recording was cut off by its card. */
  cutOff(): void;
  /** As `Desk.inTurn`. */
  inTurn(work: () => Promise<void>): Promise<void>;
  clipChanged(id: string, change: "added" | "changed"): void;
}

interface Wanted {
  cause: Cause;
  call: string | null;
  over: boolean;
  cancelEnd: Cancel;
  /** Wakes it where it waits, and ends the clip that it writes. */
  wake: () => void;
  done: Promise<void>;
}

/** What is recorded now: one for each call and each other cause, for as long as it is wanted and whatever the card does meanwhile. */
export class Recordings {
  readonly #options: RecordingsOptions;
  /** Those that are over, too, until what they have is on the card. */
  readonly #wanted = new Set<Wanted>();
  /** Ids of clips that are being written. */
  readonly #running = new Set<string>();

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  get causes(): Cause[] {
    return [...new Set([...this.#wanted].map(({ cause }) => cause))];
  }

  get running(): ReadonlySet<string> {
    return this.#running;
  }

  /** Goes on until `finish`; where it is under way already, it goes on. */
  start(cause: Cause, call: string | null = null): void {
    const known = this.#find(cause, call);
    if (known) return known.cancelEnd();
    const wanted: Wanted = {
      cause,
      call,
      over: false,
      cancelEnd: () => {},
      wake: () => {},
      done: Promise.resolve(),
    };
    this.#wanted.add(wanted);
    wanted.done = this.#run(wanted);
    this.#options.changed();
  }

  /** Ends it after `ms`, unless it is started again before. */
  finish(cause: Cause, ms: number, call: string | null = null): void {
    const wanted = this.#find(cause, call);
    if (!wanted) return;
    wanted.cancelEnd();
    wanted.cancelEnd = this.#options.clock.after(ms, () => void this.#end(wanted));
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#wanted].map((wanted) => this.#end(wanted)));
  }

  /** One that is over goes on no more: on a slow card it may take seconds to be finished. */
  #find(cause: Cause, call: string | null): Wanted | undefined {
    return [...this.#wanted].find((one) => one.cause === cause && one.call === call && !one.over);
  }

  async #end(wanted: Wanted): Promise<void> {
    wanted.cancelEnd();
    wanted.over = true;
    wanted.wake();
    await wanted.done;
  }

  async #run(wanted: Wanted): Promise<void> {
    const { card, log } = this.#options;
    while (!wanted.over) {
      const usable = card.usable;
      if (usable) {
        try {
          // One that ended by itself goes on in another file.
          if (await this.#clip(wanted, usable) && !wanted.over && card.usable) continue;
        } catch (error) {
          log.warn("A recording was cut off", { cause: wanted.cause, error: errorText(error) });
          await card.look(true);
          this.#options.cutOff();
        }
      }
      await this.#pause(wanted);
    }
    this.#wanted.delete(wanted);
    this.#options.changed();
  }

  async #pause(wanted: Wanted): Promise<void> {
    if (wanted.over) return;
    await new Promise<void>((done) => {
      const cancel = this.#options.clock.after(RETRY_MS, done);
      wanted.wake = () => {
        cancel();
        done();
      };
    });
  }

  /** One file. @returns whether there was a picture to record */
  async #clip(wanted: Wanted, card: UsableCard): Promise<boolean> {
    const { media, camera, definition, sound, beforeMs, vault, clock, library, freshId } = this.#options;
    const stream = await media.record({ camera, definition, sound }).catch(() => undefined);
    if (!stream) return false;
    const reader = stream.getReader();
    wanted.wake = () => void reader.cancel().catch(() => {});
    if (wanted.over) wanted.wake();
    const { recipient } = vault;
    const begun = clock.monotonic();
    const clip = named({
      id: freshId(),
      cause: wanted.cause,
      startedAt: Math.round(clock.now() - beforeMs()),
      ms: null,
      sealed: recipient !== undefined,
      protected: false,
      call: wanted.call,
    });
    try {
      this.#options.dated(clip.id);
      this.#running.add(clip.id);
      const file = await card.files.create(clip.name);
      let ms = 0;
      let bytes = 0;
      try {
        const writer = await ClipWriter.begin({ file, recipient, now: () => clock.monotonic() });
        library.put(card.id, clip, 0);
        this.#options.clipChanged(clip.id, "added");
        this.#picture(card, clip, recipient).catch(() => {});
        const split = wholeParts();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          for (const part of split(value)) {
            await writer.write(part);
            ms += lengthOf(part);
          }
          const isStill = this.#options.card.usable?.id === card.id;
          if (!isStill || clock.monotonic() - begun > LONGEST_CLIP_MS) break;
        }
        await writer.end();
        bytes = writer.bytes;
      } finally {
        await file.close();
      }
      const whole = { ...clip, ms: Math.round(ms) };
      await this.#options.inTurn(() => this.#finished(card, whole, clip.name, bytes));
      return ms > 0;
    } finally {
      this.#running.delete(clip.id);
      await reader.cancel().catch(() => {});
    }
  }

  async #finished(card: UsableCard, clip: NamedClip, before: string, bytes: number): Promise<void> {
    const { library } = this.#options;
    if (clip.ms === 0) {
      await card.files.remove(before);
      await card.files.remove(thumbnailOf(clip));
      library.delete(clip.id);
    } else {
      const whole = named(clip);
      await card.files.rename(before, whole.name);
      library.put(card.id, whole, bytes);
    }
    this.#options.clipChanged(clip.id, "changed");
  }

  /** A small picture is nothing that a recording waits for, or fails by. */
  async #picture(card: UsableCard, clip: NamedClip, recipient: string | undefined): Promise<void> {
    const { media, camera, definition, library, inTurn } = this.#options;
    const picture = await media.snapshot(camera, definition);
    const kept = recipient === undefined ? picture : await sealedWhole(recipient, picture);
    await inTurn(async () => {
      // Nothing may have come of it meanwhile, or it was deleted.
      if (library.find(card.id, clip.id)) await card.files.replace(thumbnailOf(clip), kept);
    });
  }
}

function named(clip: Omit<NamedClip, "name">): NamedClip {
  return { ...clip, name: nameOf(clip) };
}
