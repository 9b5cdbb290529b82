/** Pulses of a light or beeper closer together than this belong to one signal, ms. */
const APART_MS = 700;
/** More than this many in a row are no count but a state. */
const MOST = 3;

const COUNTS = ["", "One", "Two", "Three"];

interface Counted {
  one: string;
  many: string;
  /** Said of what stays on, and of what goes on and on. */
  lasting: string;
  endless: string;
}

const COUNTED: Record<string, Counted> = {
  beeper: {
    one: "short beep",
    many: "short beeps",
    lasting: "One long tone",
    endless: "The beeper goes on and on",
  },
  indicator: {
    one: "flash of the bell’s ring",
    many: "flashes of the bell’s ring",
    lasting: "The bell’s ring is lit",
    endless: "The bell’s ring keeps flashing",
  },
};

const MOVES: Record<string, [on: string, off: string]> = {
  lock: ["The strike lets go", "The strike’s pulse is over"],
  gate: ["The gate’s motor gets its impulse", "The gate’s impulse is over"],
};

export interface SignalsOptions {
  /** A sentence for a person. */
  say(text: string): void;
  /** @returns cancels it */
  after(ms: number, work: () => void): () => void;
}

/** What a person at the panel would tell of its answers, from outputs as they change. */
export class Signals {
  readonly #options: SignalsOptions;
  readonly #counts = new Map<string, { count: number; cancel: () => void }>();

  constructor(options: SignalsOptions) {
    this.#options = options;
  }

  heard(output: string, level: number): void {
    const move = MOVES[output];
    const counted = COUNTED[output];
    if (move) this.#options.say(move[level > 0 ? 0 : 1]);
    else if (counted) this.#count(output, level, counted);
  }

  stop(): void {
    for (const { cancel } of this.#counts.values()) cancel();
    this.#counts.clear();
  }

  /** Waits until it is known how many there are. */
  #count(output: string, level: number, { one, many, lasting, endless }: Counted): void {
    const known = this.#counts.get(output);
    known?.cancel();
    const count = (known?.count ?? 0) + (level > 0 ? 1 : 0);
    if (count === 0) return;
    const { say, after } = this.#options;
    if (count > MOST && known?.count === MOST) say(endless);
    const cancel = after(APART_MS, () => {
      this.#counts.delete(output);
      if (level > 0) say(lasting);
      else if (count <= MOST) say(`${COUNTS[count]} ${count === 1 ? one : many}`);
    });
    this.#counts.set(output, { count, cancel });
  }
}
