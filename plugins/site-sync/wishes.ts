import { KINDS, MOST_CARDS, type Wish } from "./documents.ts";
import type { SiteParts } from "./parts.ts";
import { wishPlace } from "./places.ts";
import { locked, signed } from "./seals.ts";
import type { Pending } from "./state.ts";

export type WishesParts = Pick<
  SiteParts,
  "clock" | "state" | "cards" | "outbox" | "topics" | "site" | "self"
>;

/** A wish as it was sent last. */
interface Letter {
  n: number;
  base: number;
  epoch: number;
  witnessed: boolean;
  text: string;
  sentAt: number;
  /** How long it is not sent again, ms. */
  pause: number;
}

const FIRST_PAUSE_MS = 15_000;
const MOST_PAUSE_MS = 900_000;
/** Who says nothing for longer was away, ms. */
const SILENCE_MS = 30_000;

/** Tells the panel that keeps the key what was changed here, until it has taken it up: ever more seldom while it is away. */
export class Wishes {
  readonly #parts: WishesParts;
  readonly #letters = new Map<string, Letter>();
  #heardAt = -Infinity;

  constructor(parts: WishesParts) {
    this.#parts = parts;
  }

  /** The panel that keeps the key says something: where it was away, all is told again. */
  async heard(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    const isBack = now - this.#heardAt > SILENCE_MS;
    this.#heardAt = now;
    if (!isBack) return;
    for (const letter of this.#letters.values()) letter.pause = 0;
    await this.repeat();
  }

  /** What it is time for; the oldest first, since none is taken behind a later one. Said again, a wish writes nothing. */
  async repeat(): Promise<void> {
    const { clock, outbox, self, state, topics } = this.#parts;
    if (!await outbox.isUp()) return;
    for (const mark of this.#letters.keys()) if (!(mark in state.pending)) this.#letters.delete(mark);
    const all = Object.entries(state.pending).toSorted(([, a], [, b]) =>
      (a.n ?? Infinity) - (b.n ?? Infinity)
    );
    for (const [mark, pending] of all) {
      const topic = topics.wish(self.id, mark);
      const letter = this.#letters.get(mark);
      const isPassed = this.#isPassed(pending);
      if (outbox.holds(topic) && !isPassed) continue;
      if (!letter || isPassed) {
        await this.send(mark);
        continue;
      }
      const now = clock.monotonic();
      if (now - letter.sentAt < letter.pause) continue;
      const pause = Math.min(Math.max(2 * letter.pause, FIRST_PAUSE_MS), MOST_PAUSE_MS);
      // It is there and says nothing of it: a later wish may have come before this one.
      const isUnheard = letter.pause === MOST_PAUSE_MS && this.#heardAt > letter.sentAt;
      if (isUnheard || !this.#isSame(letter, pending)) {
        await this.send(mark, pause);
        continue;
      }
      this.#letters.set(mark, { ...letter, sentAt: now, pause });
      outbox.put(topic, letter.text, { retain: false });
    }
  }

  /** Tells it now, under a new number. */
  async send(mark: string, pause = FIRST_PAUSE_MS): Promise<void> {
    const { clock, outbox, self, state, topics } = this.#parts;
    const pending = state.pending[mark];
    const wish = pending && await this.#wishFor(mark, pending);
    if (!wish) return;
    const { n, base, epoch, witnessed } = wish;
    const text = await signed(state.identity.signer, KINDS.wish, wish);
    this.#letters.set(mark, { n, base, epoch, witnessed, text, sentAt: clock.monotonic(), pause });
    outbox.put(topics.wish(self.id, mark), text, { retain: false });
  }

  /** Whether the site has gone past its number, and there is room for it. */
  #isPassed({ base, n }: Pending): boolean {
    const { self, state } = this.#parts;
    const { cards = {}, panels = [] } = state.get("register") ?? {};
    const taken = panels.find(({ id }) => id === self.id)?.taken ?? 0;
    return n !== undefined && n <= taken && (base > 0 || Object.keys(cards).length < MOST_CARDS);
  }

  #isSame({ n, base, epoch, witnessed }: Letter, pending: Pending): boolean {
    return n === pending.n && base === pending.base && epoch === this.#parts.state.get("secrets")?.epoch &&
      witnessed === (pending.witnessed !== undefined);
  }

  async #wishFor(mark: string, { base, witnessed }: Pending): Promise<Wish | undefined> {
    const { cards, self, site, state } = this.#parts;
    const secrets = state.get("secrets");
    if (!secrets) return undefined;
    const card = await cards.get(mark);
    const n = (state.get("wishes") ?? 0) + 1;
    await state.set("wishes", n);
    await state.setPending(mark, { ...state.pending[mark], base, n });
    const place = wishPlace(site.id, self.id, n, mark);
    return {
      site: site.id,
      panel: self.id,
      n,
      mark,
      base,
      epoch: secrets.epoch,
      locked: card ? await locked(secrets.data, place, JSON.stringify(card)) : null,
      witnessed: witnessed !== undefined,
    };
  }
}
