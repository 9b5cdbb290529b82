import type { SharedCard } from "../../core/mod.ts";
import { MOST_CARDS } from "./documents.ts";
import type { Follower } from "./follower.ts";
import type { SiteParts } from "./parts.ts";

export interface RecallParts extends Pick<SiteParts, "log" | "state" | "cards" | "outbox"> {
  /** Makes the cards here as this panel itself said that they are. */
  follower: Pick<Follower, "registered" | "told">;
  /** Makes a card so here and at the site, whatever was said before; without one it is taken away. */
  insist(mark: string, card: SharedCard | undefined): Promise<void>;
}

/** A change that was made here, and that nobody was told of. */
interface Unsaid {
  mark: string;
  base: number;
  card: SharedCard | undefined;
}

/**
 * The panel that keeps the key hears itself. Where it says more than it knows, it was set back, by a backup that was
 * restored: it goes on from what it said, and from what was changed here since.
 */
export class Recall {
  readonly #parts: RecallParts;
  /** Cards that were heard before anything was said. */
  readonly #heard: string[] = [];

  constructor(parts: RecallParts) {
    this.#parts = parts;
  }

  async registered(text: string): Promise<void> {
    const { follower, log, state } = this.#parts;
    const knew = state.get("register")?.version;
    const pending = state.pending;
    const unsaid = await this.#unsaid();
    await state.set("pending", {});
    await follower.registered(text);
    const said = state.get("register")?.version;
    if (said === knew) return await state.set("pending", pending);
    log.warn("This panel was set back; it goes on from what it said before", { knew, said });
    await this.#countOn();
    for (const one of unsaid) await this.#settle(one);
    for (const heard of this.#heard.splice(0)) await follower.told(heard);
  }

  async told(text: string): Promise<void> {
    const { follower, outbox } = this.#parts;
    if (!outbox.isOpen && this.#heard.length < 2 * MOST_CARDS) this.#heard.push(text);
    await follower.told(text);
  }

  /** What was said before is known: nothing is older than that any more. */
  forget(): void {
    this.#heard.length = 0;
  }

  #unsaid(): Promise<Unsaid[]> {
    const { cards, state } = this.#parts;
    return Promise.all(
      Object.entries(state.pending).map(async ([mark, { base }]) => ({
        mark,
        base,
        card: await cards.get(mark),
      })),
    );
  }

  /** Wishes that were taken before are not taken again. */
  async #countOn(): Promise<void> {
    const { state } = this.#parts;
    const before = state.get("taken") ?? {};
    const counted = (state.get("register")?.panels ?? []).map(({ id, taken }) =>
      [id, Math.max(taken, before[id] ?? 0)] as const
    );
    await state.set("taken", { ...before, ...Object.fromEntries(counted) });
  }

  /** It is kept where it is stricter, or new; else what was said holds, whatever version it was given here since. */
  async #settle({ mark, base, card }: Unsaid): Promise<void> {
    const { insist, state } = this.#parts;
    const isThere = mark in (state.get("register")?.cards ?? {});
    if (card ? (isThere ? card.suspended : base === 0) : isThere) return await insist(mark, card);
    const known = state.known[mark];
    if (known) await state.setKnown(mark, { ...known, version: base });
  }
}
