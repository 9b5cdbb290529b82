import type { Json, PluginStore } from "../../core/mod.ts";

/** Something that happened, to be told to the home once and in its turn. */
export interface Entry {
  topic: string;
  /** Wall time at which it happened, ms. */
  at: number;
  body: { [key: string]: Json };
}

export interface Kept extends Entry {
  /** Rises by one with each, within a run. */
  seq: number;
}

/** What is kept beside the events. */
export interface Facts {
  /** How many were lost. */
  lost: number;
  /** The newest access-log row that was looked at. */
  cursor: number | null;
}

interface Index extends Facts {
  /** The oldest block that counts. */
  first: number;
  /** How many events at its beginning wait no more. */
  skip: number;
}

/** As on disk: the cursor counts from the moment that the events do. */
interface StoredBlock {
  cursor: number | null;
  events: Entry[];
}

interface Block {
  number: number;
  firstSeq: number;
  lastSeq: number;
}

const INDEX = "journal";
const blockKey = (number: number) => `journal-${number}`;
/** A value of the store holds 256 KiB; an event has a few hundred bytes. */
const BLOCK_ENTRIES = 200;
/** Each is an fsync; more wait for the next time. */
const MOST_REMOVED = 10;

/**
 * A journal on disk, in the plugin's private store: blocks of events with rising numbers, each written once, and an
 * index that says where it begins. A block is written before the index that counts on it and removed after the index
 * that does not: wherever it is cut off, nothing that waits is forgotten, though something may be told twice.
 */
export class JournalFile {
  readonly #store: PluginStore;
  #index: Index;
  /** Those on disk, oldest first. */
  readonly #blocks: Block[] = [];
  #nextBlock: number;
  #writtenSeq = -1;

  private constructor(store: PluginStore, index: Index) {
    this.#store = store;
    this.#index = index;
    this.#nextBlock = index.first;
  }

  /** @returns the events that wait, oldest first */
  static async open(store: PluginStore): Promise<{ file: JournalFile; facts: Facts; kept: Kept[] }> {
    const found = await store.get<{ [key: string]: Json }>(INDEX);
    const index: Index = { first: 0, skip: 0, lost: 0, cursor: null, ...found };
    const file = new JournalFile(store, index);
    const kept: Kept[] = [];
    let { cursor } = index;
    for (let number = index.first;; number++) {
      const block = await store.get<{ [key: string]: Json }>(blockKey(number)) as StoredBlock | undefined;
      if (block === undefined) break;
      const firstSeq = kept.length;
      for (const entry of block.events) kept.push({ ...entry, seq: kept.length });
      cursor = block.cursor ?? cursor;
      file.#blocks.push({ number, firstSeq, lastSeq: kept.length - 1 });
      file.#nextBlock = number + 1;
    }
    file.#writtenSeq = kept.length - 1;
    await file.#removeOrphans();
    return { file, facts: { lost: index.lost, cursor }, kept: kept.slice(index.skip) };
  }

  /** Nothing of it is to be told any more. */
  static async forget(store: PluginStore): Promise<void> {
    const { file } = await JournalFile.open(store);
    for (const { number } of file.#blocks.reverse()) await store.delete(blockKey(number));
    await store.delete(INDEX);
  }

  /** Whether an event is not on disk. */
  lacks(entries: readonly Kept[]): boolean {
    return (entries.at(-1)?.seq ?? -1) > this.#writtenSeq;
  }

  /** Whether the index says how things are, and no block is too many. */
  isTidy(entries: readonly Kept[], facts: Facts): boolean {
    return this.#gone(entries) === 0 && isSame(this.#indexOf(entries, 0, facts), this.#index);
  }

  /**
   * Writes what is not on disk: one fsync for each block.
   * @param entries all that wait
   */
  async append(entries: readonly Kept[], cursor: number | null): Promise<void> {
    const fresh = entries.filter(({ seq }) => seq > this.#writtenSeq);
    for (let from = 0; from < fresh.length; from += BLOCK_ENTRIES) {
      const isLast = from + BLOCK_ENTRIES >= fresh.length;
      await this.#append(fresh.slice(from, from + BLOCK_ENTRIES), isLast ? cursor : null);
    }
  }

  /**
   * Writes where the journal begins, and removes what lies before it; some of it, where it is much.
   * @param entries all that wait, each of which is on disk
   */
  async tidy(entries: readonly Kept[], facts: Facts): Promise<void> {
    const gone = this.#blocks.slice(0, Math.min(this.#gone(entries), MOST_REMOVED));
    const index = this.#indexOf(entries, gone.length, facts);
    if (!isSame(index, this.#index)) {
      await this.#store.set(INDEX, { ...index });
      this.#index = index;
    }
    for (const { number } of gone) {
      this.#blocks.shift();
      await this.#store.delete(blockKey(number));
    }
  }

  async #append(entries: readonly Kept[], cursor: number | null): Promise<void> {
    const number = this.#nextBlock;
    const [firstSeq, lastSeq] = [entries[0]!.seq, entries.at(-1)!.seq];
    await this.#store.set(blockKey(number), {
      cursor,
      events: entries.map(({ topic, at, body }) => ({ topic, at, body })),
    });
    this.#nextBlock = number + 1;
    this.#blocks.push({ number, firstSeq, lastSeq });
    this.#writtenSeq = lastSeq;
  }

  /** How many blocks hold nothing any more that waits. */
  #gone(entries: readonly Kept[]): number {
    const first = entries[0]?.seq ?? Infinity;
    const index = this.#blocks.findIndex(({ lastSeq }) => lastSeq >= first);
    return index < 0 ? this.#blocks.length : index;
  }

  /** The index once that many blocks are gone. */
  #indexOf(entries: readonly Kept[], gone: number, facts: Facts): Index {
    const block = this.#blocks[gone];
    if (!block) return { first: this.#nextBlock, skip: 0, ...facts };
    const waiting = Math.min(entries[0]?.seq ?? Infinity, block.lastSeq + 1);
    return { first: block.number, skip: waiting - block.firstSeq, ...facts };
  }

  /** Blocks whose removal was cut off, which lie right below the first. */
  async #removeOrphans(): Promise<void> {
    for (let number = this.#index.first - 1; number >= 0; number--) {
      if (await this.#store.get(blockKey(number)) === undefined) return;
      await this.#store.delete(blockKey(number));
    }
  }
}

function isSame(one: Index, other: Index): boolean {
  return one.first === other.first && one.skip === other.skip && one.lost === other.lost &&
    one.cursor === other.cursor;
}
