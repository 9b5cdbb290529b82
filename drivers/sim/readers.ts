import { parseFrame, type ReaderFrame } from "./frame.ts";

interface ReaderEvents {
  present(reader: string, frame: ReaderFrame): void;
  removed(reader: string, uid: string): void;
}

/** Turns what readers send into cards that come and go. What makes no sense is dropped and counted. */
export class Readers {
  readonly #events: ReaderEvents;
  readonly #cards = new Map<string, string>();
  #dropped = 0;

  constructor(events: ReaderEvents) {
    this.#events = events;
  }

  get dropped(): number {
    return this.#dropped;
  }

  frame(reader: string, text: unknown): void {
    const frame = parseFrame(text);
    const held = this.#cards.get(reader);
    if (!frame || (frame.change === "removed" && frame.uid !== held)) {
      this.#dropped++;
    } else if (frame.change === "removed") {
      this.left(reader);
    } else if (frame.uid !== held) {
      this.left(reader);
      this.#cards.set(reader, frame.uid);
      this.#events.present(reader, frame);
    }
  }

  /** What the board says is in the field now, after nobody listened for a while. A card that came meanwhile is not told of. */
  resume(reader: string, uid: string | undefined): void {
    if (this.#cards.get(reader) !== uid) this.left(reader);
  }

  left(reader: string): void {
    const uid = this.#cards.get(reader);
    if (uid === undefined) return;
    this.#cards.delete(reader);
    this.#events.removed(reader, uid);
  }
}
