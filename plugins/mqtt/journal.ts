import type { Cancel, Clock, PluginStore } from "../../core/mod.ts";
import { errorText, type Log } from "../../core/mod.ts";
import { type Entry, type Facts, JournalFile, type Kept } from "./journal_file.ts";

export interface JournalParts {
  clock: Clock;
  log: Log;
  store: PluginStore;
  /** How many are kept. */
  limit: number;
}

/** What is told within this time never touches the disk, ms. */
const APPEND_AFTER_MS = 250;
/** However much happens, the disk is not asked for more often, ms. A power cut loses what is younger. */
const APPEND_EACH_MS = 1_000;
/** What is only about not telling twice may wait longer, ms. */
const TIDY_AFTER_MS = 5_000;

/**
 * Events that the broker has not acknowledged, in order, bounded, over restarts. A list in memory does the work; what
 * stays in it for a quarter of a second is written, many in one go, so that a release waits for no further fsync.
 */
export class Journal {
  readonly #parts: JournalParts;
  readonly #file: JournalFile;
  readonly #entries: Kept[];
  #nextSeq: number;
  readonly #facts: Facts;
  readonly #appending: Later;
  readonly #tidying: Later;
  #appendedAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();
  /** Told of each new event. */
  onAdded: () => void = () => {};

  private constructor(parts: JournalParts, file: JournalFile, facts: Facts, kept: Kept[]) {
    this.#parts = parts;
    this.#file = file;
    this.#facts = facts;
    this.#entries = kept;
    this.#nextSeq = (kept.at(-1)?.seq ?? -1) + 1;
    this.#appending = new Later(parts.clock, () => this.#inTurn(() => this.#append()));
    this.#tidying = new Later(parts.clock, () => this.#inTurn(() => this.#tidy()));
  }

  /** With what an earlier run left. */
  static async open(parts: JournalParts): Promise<Journal> {
    const { file, facts, kept } = await JournalFile.open(parts.store);
    const journal = new Journal(parts, file, facts, kept);
    journal.#bound();
    return journal;
  }

  /** How many wait. */
  get length(): number {
    return this.#entries.length;
  }

  /** How many were lost for good, since ever: too many waited, or the broker would not have them. */
  get lost(): number {
    return this.#facts.lost;
  }

  /** The newest access-log row that has been looked at, where one has. */
  get cursor(): number | null {
    return this.#facts.cursor;
  }

  add(entry: Entry): void {
    this.#entries.push({ ...entry, seq: this.#nextSeq++ });
    this.#bound();
    this.#appendSoon();
    this.onAdded();
  }

  /** An access-log row has been looked at: what it tells, if it does, has been added. */
  pass(row: number): void {
    this.#facts.cursor = row;
    this.#tidying.in(TIDY_AFTER_MS);
  }

  /** The first that waits behind `seq`. */
  after(seq: number): Kept | undefined {
    const first = this.#entries[0];
    return first && this.#entries[Math.max(0, seq + 1 - first.seq)];
  }

  /** The broker has all up to this one. */
  acknowledge(seq: number): void {
    const first = this.#entries[0]?.seq ?? Infinity;
    if (seq < first) return;
    this.#entries.splice(0, seq + 1 - first);
    this.#tidying.in(TIDY_AFTER_MS);
  }

  /** The broker will never have one of them. */
  countLost(): void {
    this.#facts.lost++;
    this.#tidying.in(TIDY_AFTER_MS);
  }

  /** Writes what is not on disk, and nothing more after it. */
  async close(): Promise<void> {
    this.#appending.close();
    this.#tidying.close();
    await this.#inTurn(() => this.#append());
    await this.#inTurn(() => this.#tidy());
  }

  #bound(): void {
    const over = this.#entries.length - this.#parts.limit;
    if (over <= 0) return;
    this.#entries.splice(0, over);
    this.#facts.lost += over;
  }

  #appendSoon(): void {
    const sinceLast = this.#parts.clock.monotonic() - this.#appendedAt;
    this.#appending.in(Math.max(APPEND_AFTER_MS, APPEND_EACH_MS - sinceLast));
  }

  async #append(): Promise<void> {
    if (!this.#file.lacks(this.#entries)) return;
    this.#appendedAt = this.#parts.clock.monotonic();
    await this.#file.append(this.#entries, this.#facts.cursor);
    this.#tidying.in(TIDY_AFTER_MS);
  }

  /** What lacks is written first: the index must not say that the log was read further. */
  async #tidy(): Promise<void> {
    const facts = { ...this.#facts };
    await this.#append();
    await this.#file.tidy(this.#entries, facts);
    if (!this.#file.isTidy(this.#entries, this.#facts)) this.#tidying.in(TIDY_AFTER_MS);
  }

  /** One write after the other. What fails is tried again. */
  #inTurn(write: () => Promise<void>): Promise<void> {
    return this.#writing = this.#writing.then(write).catch((error: unknown) => {
      this.#parts.log.error("Events for the broker can't be written; they wait in memory", {
        error: errorText(error),
      });
    }).then(() => {
      if (this.#file.lacks(this.#entries)) this.#appendSoon();
    });
  }
}

/** Something to be done once, a while after it was first asked for. */
class Later {
  readonly #clock: Clock;
  readonly #action: () => void;
  #cancel: Cancel | undefined;
  #closed = false;

  constructor(clock: Clock, action: () => void) {
    this.#clock = clock;
    this.#action = action;
  }

  in(ms: number): void {
    if (this.#closed) return;
    this.#cancel ??= this.#clock.after(ms, () => {
      this.#cancel = undefined;
      this.#action();
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }
}
