import type { CardReading } from "../../core/mod.ts";

export type Gesture = "swipe" | "hold";

/** What a reader reported. */
export interface Sighting extends CardReading {
  reader: string;
  reportsRemoval: boolean;
}

/** One badge put to a reader once, from when it came until it has been away for a while. It has at most one effect. */
export class Presentation {
  readonly card: Sighting;
  /** Whether it was swiped or held, as soon as that is certain. */
  readonly gesture: Promise<Gesture>;
  readonly #tell: (gesture: Gesture) => void;
  #decided = false;
  #claimed = false;

  constructor(card: Sighting) {
    this.card = card;
    const { promise, resolve } = Promise.withResolvers<Gesture>();
    this.gesture = promise;
    this.#tell = resolve;
  }

  get decided(): boolean {
    return this.#decided;
  }

  decide(gesture: Gesture): void {
    this.#decided = true;
    this.#tell(gesture);
  }

  /** Takes its one effect; false where that is taken. */
  claim(): boolean {
    const free = !this.#claimed;
    this.#claimed = true;
    return free;
  }
}
