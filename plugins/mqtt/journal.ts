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

/** What is told within this time never touches the disk, ms. A power cut loses what is younger. */
const WRITE_AFTER_MS = 250;
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
  #timer: { due: number; cancel: Cancel } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;
  /** Told of each new event. */
  onAdded: () => void = () => {};

  private constructor(parts: JournalParts, file: JournalFile, facts: Facts, kept: Kept[]) {
    this.#parts = parts;
    this.#file = file;
    this.#facts = facts;
    this.#entries = kept;
    this.#nextSeq = (kept.at(-1)?.seq ?? -1) + 1;
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
    this.#writeIn(WRITE_AFTER_MS);
    this.onAdded();
  }

  /** An access-log row has been looked at: what it tells, if it does, has been added. */
  pass(row: number): void {
    this.#facts.cursor = row;
    this.#writeIn(TIDY_AFTER_MS);
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
    this.#writeIn(TIDY_AFTER_MS);
  }

  /** The broker will never have one of them. */
  countLost(): void {
    this.#facts.lost++;
    this.#writeIn(TIDY_AFTER_MS);
  }

  /** Writes what is not on disk, and nothing more after it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#writing;
    await this.#write();
  }

  #bound(): void {
    const over = this.#entries.length - this.#parts.limit;
    if (over <= 0) return;
    this.#entries.splice(0, over);
    this.#facts.lost += over;
  }

  #writeIn(ms: number): void {
    if (this.#closed) return;
    const { clock } = this.#parts;
    const due = clock.monotonic() + ms;
    if (this.#timer && this.#timer.due <= due) return;
    this.#timer?.cancel();
    const cancel = clock.after(ms, () => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write()).then(() => this.#seeAgain());
    });
    this.#timer = { due, cancel };
  }

  #seeAgain(): void {
    if (this.#file.lacks(this.#entries)) this.#writeIn(WRITE_AFTER_MS);
    else if (!this.#file.has(this.#entries, this.#facts)) this.#writeIn(TIDY_AFTER_MS);
  }

  async #write(): Promise<void> {
    try {
      await this.#file.write(this.#entries, this.#facts);
    } catch (error) {
      this.#parts.log.error("Events for the broker can't be written; they wait in memory", {
        error: errorText(error),
      });
    }
  }
}
