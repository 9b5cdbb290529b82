import { type Context, errorText, type Json, type Part, partChanged, partsPoint } from "../../core/mod.ts";
import type { Retained } from "./retained.ts";
import type { Topics } from "./topics.ts";

/** A part that has not told its state by then is told of without it, ms. */
const STATE_MS = 3_000;

export interface PartBookParts {
  ctx: Pick<Context, "after" | "log" | "on" | "watch">;
  topics: Topics;
  retained: Retained;
  /** Parts came or went. */
  changed(): void;
}

/** The parts there are, and the state of each at the broker. */
export class PartBook {
  readonly #parts: PartBookParts;
  readonly #book = new Map<string, Part>();
  /** Parts that have told of a change since they came: newer than an answer that is still awaited. */
  readonly #changed = new WeakSet<Part>();

  constructor(parts: PartBookParts) {
    this.#parts = parts;
    const { ctx, topics, retained, changed } = parts;
    ctx.on(partChanged, ({ id, state }) => {
      const part = this.#book.get(id);
      if (!part) return;
      this.#changed.add(part);
      retained.set(topics.state(id), JSON.stringify(state));
    });
    ctx.watch(partsPoint, {
      added: (part, owner) => {
        if (this.#book.has(part.id)) {
          ctx.log.warn("A part can't be told: its id is taken", { part: part.id, owner });
          return;
        }
        this.#book.set(part.id, part);
        void this.#tell(part);
        changed();
      },
      removed: (part) => {
        if (this.#book.get(part.id) !== part) return;
        this.#book.delete(part.id);
        changed();
      },
    });
  }

  get(id: string): Part | undefined {
    return this.#book.get(id);
  }

  all(): Part[] {
    return [...this.#book.values()];
  }

  async #tell(part: Part): Promise<void> {
    const { ctx, topics, retained } = this.#parts;
    const topic = topics.state(part.id);
    try {
      const state = await this.#stateOf(part);
      if (this.#book.get(part.id) === part && !this.#changed.has(part)) {
        retained.set(topic, JSON.stringify(state));
      }
    } catch (error) {
      ctx.log.warn("A part does not tell its state", { part: part.id, error: errorText(error) });
    }
  }

  #stateOf(part: Part): Promise<{ [key: string]: Json }> {
    return new Promise((done, fail) => {
      const cancel = this.#parts.ctx.after(STATE_MS, () => fail(new Error(`No answer in ${STATE_MS} ms`)));
      new Promise<{ [key: string]: Json }>((told) => told(part.state())).then(done, fail).finally(cancel);
    });
  }
}
