import { Buffer } from "node:buffer";
import { z } from "zod";
import { type Clock, errorText, LatchkeyError, type Log } from "../../../core/mod.ts";
import type { CardState, CardView } from "../model.ts";
import type { CardFiles, Space } from "./files.ts";
import type { CardIn, LookForCard } from "./slots.ts";

/** What a card bears once it is initialized. */
const MARKER = "latchkey.json";
const LONGEST_MARKER = 4_096;
const markerSchema = z.object({
  version: z.literal(1),
  /** The card's own. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** The panel that initialized it. */
  panel: z.string(),
  /** Measured then; null where it was not. */
  megabytesPerSecond: z.number().nullable(),
});
type Marker = z.output<typeof markerSchema>;

const ADVISED_BYTES = 512_000_000_000;
/** Class 10 writes 10 MB/s. */
const ADVISED_SPEED = 10;
const TRIED_BYTES = 8 * 1024 * 1024;
/** Longer than that nobody waits to know how fast it is, ms. */
const LONGEST_TRY_MS = 5_000;
/** Of what the card holds; with less nothing is recorded any more. */
export const FREE_SHARE = 0.1;

export interface CardOptions {
  look: LookForCard;
  panel: string;
  clock: Clock;
  log: Log;
  freshId(): string;
  /** Told of each change of what `view` gives. */
  changed(): void;
}

/** A card that can be recorded on. */
export interface UsableCard {
  id: string;
  files: CardFiles;
}

/** The card in the slot, and what it is good for. */
export class Card {
  readonly #options: CardOptions;
  #in: CardIn | undefined;
  #marker: Marker | undefined;
  #state: CardState = "absent";
  #space: Space = { total: 0, free: 0 };
  #progress: number | null = null;
  #looking: Promise<void> | undefined;
  #again = false;
  #initializing: Promise<void> | undefined;

  constructor(options: CardOptions) {
    this.#options = options;
  }

  get view(): CardView {
    const { total, free } = this.#space;
    const speed = this.#marker?.megabytesPerSecond;
    return {
      state: this.#state,
      progress: this.#progress,
      bytes: total,
      free,
      warnings: [
        ...(total > ADVISED_BYTES ? ["The card holds more than 512 GB: that was not tried"] : []),
        ...(typeof speed === "number" && speed < ADVISED_SPEED
          ? [`The card writes ${speed} MB/s; Class 10, which is ${ADVISED_SPEED} MB/s, is recommended`]
          : []),
      ],
    };
  }

  /** What is on it can be read. */
  get readable(): UsableCard | undefined {
    const isReadable = this.#state === "normal" || this.#state === "full" || this.#state === "read-only";
    return isReadable && this.#in && this.#marker
      ? { id: this.#marker.id, files: this.#in.files }
      : undefined;
  }

  /** Can be recorded on. */
  get usable(): UsableCard | undefined {
    return this.#state === "normal" ? this.readable : undefined;
  }

  /**
   * Looks what is in the slot now. One at a time: a card that is slow must not be asked over and over.
   * @param thoroughly tries to write too, which is done anyway where the card was not in order: it wears the card
   */
  look(thoroughly = false): Promise<void> {
    if (this.#looking) {
      this.#again ||= thoroughly;
      return this.#looking;
    }
    return this.#looking = this.#lookNow(thoroughly).finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      void this.look(true);
    });
  }

  /** Nothing is done to it any more. */
  async rest(): Promise<void> {
    await this.#initializing?.catch(() => {});
    while (this.#looking) await this.#looking;
  }

  /** An access to it has failed. */
  failed(error: unknown): void {
    this.#set(stateOf(error));
  }

  /**
   * Erases the card and makes it this panel's.
   * @throws {LatchkeyError} `card-absent`, `card-busy` (409)
   */
  initialize(): Promise<void> {
    return this.#initializing = this.#initialize();
  }

  async #initialize(): Promise<void> {
    const card = this.#in;
    if (!card || this.#state === "absent") {
      throw new LatchkeyError("card-absent", "There is no card in the slot", { status: 409 });
    }
    if (this.#progress !== null) {
      throw new LatchkeyError("card-busy", "The card is being initialized already", { status: 409 });
    }
    this.#marker = undefined;
    this.#step(0);
    try {
      await card.files.erase((share) => this.#step(Math.floor(share * 60)));
      const speed = await this.#tryOut(card.files);
      const marker: Marker = {
        version: 1,
        id: this.#options.freshId(),
        panel: this.#options.panel,
        megabytesPerSecond: speed,
      };
      await card.files.replace(MARKER, Buffer.from(JSON.stringify(marker)));
      this.#progress = null;
      await this.look(true);
    } catch (error) {
      this.#progress = null;
      this.#options.log.error("The card can't be initialized", { error: errorText(error) });
      this.failed(error);
    }
  }

  /** Megabytes a second; null where it takes too long to tell. */
  async #tryOut(files: CardFiles): Promise<number | null> {
    const { clock } = this.#options;
    const name = "latchkey.try";
    const begun = clock.monotonic();
    const writer = await files.create(name);
    const part = Buffer.alloc(TRIED_BYTES / 8);
    let written = 0;
    try {
      while (written < TRIED_BYTES && clock.monotonic() - begun < LONGEST_TRY_MS) {
        await writer.write(part);
        written += part.length;
        this.#step(60 + Math.floor(written / TRIED_BYTES * 38));
      }
      await writer.sync();
    } finally {
      await writer.close();
    }
    const ms = clock.monotonic() - begun;
    await files.remove(name);
    return ms < 1 ? null : Math.round(written / ms / 100) / 10;
  }

  #step(progress: number): void {
    this.#progress = progress;
    this.#set("initializing");
  }

  async #lookNow(thoroughly: boolean): Promise<void> {
    if (this.#progress !== null) return;
    const before = this.#in?.key;
    const initializing = this.#initializing;
    // What was seen before the card was erased is not so any more.
    const isOutdated = () => this.#progress !== null || this.#initializing !== initializing;
    try {
      const found = await this.#options.look();
      if (isOutdated()) return;
      if (!found) {
        this.#in = this.#marker = undefined;
        this.#space = { total: 0, free: 0 };
        return this.#set("absent");
      }
      this.#in = found;
      const marker = await markerOn(found.files);
      const space = await found.files.space();
      if (isOutdated()) return;
      this.#marker = marker?.panel === this.#options.panel ? marker : undefined;
      this.#space = space;
      if (!this.#marker) return this.#set("uninitialized");
      if (thoroughly || this.#state !== "normal" || before !== found.key) {
        await found.files.replace("latchkey.probe", new Uint8Array(1));
        if (isOutdated()) return;
      }
      this.#set(this.#space.free < this.#space.total * FREE_SHARE ? "full" : "normal");
    } catch (error) {
      if (!isOutdated()) this.failed(error);
    }
  }

  #set(state: CardState): void {
    this.#state = state;
    this.#options.changed();
  }
}

async function markerOn(files: CardFiles): Promise<Marker | undefined> {
  const bytes = await files.read(MARKER, LONGEST_MARKER).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  try {
    return markerSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** What an access that failed says of the card. */
function stateOf(error: unknown): CardState {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return "full";
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return "read-only";
    case "ENODEV":
    case "ENXIO":
      return "absent";
    default:
      return "error";
  }
}
