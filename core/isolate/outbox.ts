/** What may wait for a plugin that does not read, messages and bytes. */
const MOST = 1_024;
const MOST_BYTES = 2 * 1_024 * 1_024;
/** Of these, what events may take that the plugin can do without. */
const MOST_DROPPABLE = 256;
const MOST_DROPPABLE_BYTES = 512 * 1_024;
/** Lines go out together up to this size, bytes. */
const BATCH = 32 * 1_024;

const encoder = new TextEncoder();

/** Lines on their way to a process, in order, bounded. */
export class Outbox {
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #sending = false;
  #over = false;

  constructor(send: (bytes: Uint8Array) => Promise<void>) {
    this.#send = send;
  }

  /**
   * @param droppable whether it may be left out where others wait already
   * @returns false where it was left out
   * @throws {RangeError} where it may not be left out and there is no room: the reader has stopped reading
   */
  push(line: string, droppable = false): boolean {
    if (this.#over) return false;
    const bytes = encoder.encode(`${line}\n`);
    const [most, mostBytes] = droppable ? [MOST_DROPPABLE, MOST_DROPPABLE_BYTES] : [MOST, MOST_BYTES];
    // Something large is sent where nothing else waits.
    const full = this.#queue.length >= most || (this.#bytes > 0 && this.#bytes + bytes.length > mostBytes);
    if (full && droppable) return false;
    if (full) throw new RangeError(`It does not read: ${this.#queue.length} messages wait for it`);
    this.#queue.push(bytes);
    this.#bytes += bytes.length;
    if (!this.#sending) this.#drain();
    return true;
  }

  /** Drops what waits, and all that comes. */
  end(): void {
    this.#over = true;
    this.#queue = [];
    this.#bytes = 0;
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    // What is said in one go leaves together.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#send(this.#batch());
    this.#sending = false;
  }

  #batch(): Uint8Array {
    let count = 1;
    let size = this.#queue[0]!.length;
    while (count < this.#queue.length && size + this.#queue[count]!.length <= BATCH) {
      size += this.#queue[count++]!.length;
    }
    const batch = new Uint8Array(size);
    let at = 0;
    for (const line of this.#queue.splice(0, count)) {
      batch.set(line, at);
      at += line.length;
    }
    this.#bytes -= size;
    return batch;
  }
}
