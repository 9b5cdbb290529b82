import { type CardSharingService, errorText, oneAtATime, type SharedCard } from "../../core/mod.ts";
import {
  type CardDocument,
  cardSchema,
  KINDS,
  type Register,
  registerSchema,
  type Secrets,
  wishSchema,
} from "./documents.ts";
import { digestOf, type LocalChange } from "./local_cards.ts";
import type { SiteParts } from "./parts.ts";
import { cardPlace, wishPlace } from "./places.ts";
import { claimed, verified } from "./seals.ts";
import { secretsIn } from "./secrets.ts";
import { cardIn } from "./shared_cards.ts";
import { Wishes } from "./wishes.ts";

export interface FollowerParts extends SiteParts {
  sharing: CardSharingService;
  /** Whether the cards that are here make room for those of the site. */
  discardCards: boolean;
  /** This panel belongs to the site from now on. */
  joined(): Promise<void>;
  /** It does not any more. */
  removed(): Promise<void>;
}

/**
 * A panel that follows: makes its cards as the site has them, and tells the site what changes here. One thing at a time.
 * The panel that keeps the key follows too: what it said itself, before it was set back to what it was once.
 */
export class Follower {
  readonly #parts: FollowerParts;
  /** Cards under a key that has not come yet, the newest of each. */
  readonly #waiting = new Map<string, { version: number; text: string }>();
  readonly #wishes: Wishes;
  readonly #inTurn = oneAtATime();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#wishes = new Wishes(parts);
  }

  /** Takes up what changed here while nobody looked. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { log, sharing, state } = this.#parts;
      const key = state.get("secrets")?.cards;
      if (key !== undefined && key !== await sharing.key()) {
        log.error("The cards of this panel are under another key than the site's: they are not known here");
      }
      if (state.get("register")) await this.#lookAround();
    });
  }

  changed(change: LocalChange): Promise<void> {
    return this.#inTurn(async () => {
      await this.#notice(change);
      await this.#wishes.send(change.mark);
    });
  }

  /** Tells the site again what it has not taken up; what still waits for the broker is not made anew: that writes to disk. */
  repeat(): Promise<void> {
    return this.#inTurn(() => this.#wishes.repeat());
  }

  registered(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const { site, self, state } = this.#parts;
      const register = await verified(text, site.publicKey, KINDS.register, registerSchema);
      if (!register || register.site !== site.id) return;
      await this.#wishes.heard();
      const before = state.get("register");
      if (register.version <= (before?.version ?? 0)) return;
      const own = register.panels.find(({ id, box }) => id === self.id && box === self.box);
      if (!own) return before ? await this.#parts.removed() : undefined;
      const secrets = await secretsIn(state.identity.box, own.sealed);
      if (!secrets || secrets.epoch !== register.epoch) return;
      if (!before && !await this.#join(secrets)) return;
      if (own.taken > (state.get("wishes") ?? 0)) await state.set("wishes", own.taken);
      if (state.get("secrets")?.epoch !== secrets.epoch) await state.set("secrets", secrets);
      await state.set("register", register);
      if (!before) await this.#lookAround();
      await this.#settle(register, own.taken);
    });
  }

  told(text: string): Promise<void> {
    return this.#inTurn(() => this.#told(text));
  }

  /**
   * A card that another panel takes away or suspends opens nothing here either, from then on, whether the panel that keeps
   * the key is there or not. Only where both know the same of the card: what was put right since is not undone.
   */
  wished(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const { cards, self, site, state } = this.#parts;
      const claim = claimed(text, wishSchema);
      const panel = state.get("register")?.panels.find(({ id }) => id === claim?.panel);
      if (!panel || panel.id === self.id) return;
      const wish = await verified(text, panel.signer, KINDS.wish, wishSchema);
      const secrets = state.get("secrets");
      if (!wish || wish.site !== site.id || !secrets || wish.epoch !== secrets.epoch) return;
      const { mark, base } = wish;
      if (base !== state.known[mark]?.version) return;
      if (wish.locked === null) {
        if (!await cards.get(mark)) return;
        await state.setPending(mark, { base, witnessed: "" });
        return await cards.remove(mark, panel.name);
      }
      const card = await cardIn(secrets, wishPlace(site.id, panel.id, wish.n, mark), wish);
      if (card?.suspended) await this.#suspend(mark, base, panel.name);
    });
  }

  async #suspend(mark: string, base: number, from: string): Promise<void> {
    const { cards, state } = this.#parts;
    for (;;) {
      const own = await cards.get(mark);
      if (!own || own.suspended) return;
      const suspended = { ...own, suspended: true };
      await state.setPending(mark, { base, witnessed: witnessOf(suspended) });
      if (await cards.put(suspended, own, from)) return;
    }
  }

  async #join({ cards }: Secrets): Promise<boolean> {
    try {
      if (this.#parts.discardCards) await this.#parts.cards.discard();
      await this.#parts.sharing.adoptKey(cards);
      await this.#parts.joined();
      return true;
    } catch (error) {
      this.#parts.log.error("The site can't be joined", { error: errorText(error) });
      return false;
    }
  }

  /** Nothing that was taken away there is left here, and what was changed there is not wished otherwise any more. */
  async #settle(register: Register, taken: number): Promise<void> {
    const { state, cards } = this.#parts;
    for (const [mark, { n }] of Object.entries(state.pending)) {
      // No wish of before can be taken any more, and the card is here as it is there.
      const isOver = n !== undefined && n <= taken && register.cards[mark] === state.known[mark]?.version;
      if (isOver && this.#isKnown(mark, await cards.get(mark))) await state.setPending(mark, undefined);
    }
    for (const [mark, { version }] of Object.entries(state.known)) {
      // What is newer than the register a later one names.
      if (mark in register.cards || version > register.version) continue;
      await state.setPending(mark, undefined);
      await cards.remove(mark, "the site");
      await state.setKnown(mark, undefined);
    }
    for (const { text } of [...this.#waiting.values()]) await this.#told(text);
    await this.#wishes.repeat();
  }

  async #told(text: string): Promise<void> {
    const { site, state } = this.#parts;
    const document = await verified(text, site.publicKey, KINDS.card, cardSchema);
    if (!document || document.site !== site.id) return;
    await this.#wishes.heard();
    if (!this.#isNews(document)) return;
    const secrets = state.get("secrets");
    const { mark, version } = document;
    if (secrets?.epoch !== document.epoch) {
      if (version > (this.#waiting.get(mark)?.version ?? 0)) this.#waiting.set(mark, { version, text });
      return;
    }
    this.#waiting.delete(mark);
    const card = await cardIn(secrets, cardPlace(document.site, mark, version), document);
    if (card) await this.#take(card, document);
  }

  #isNews({ mark, version }: CardDocument): boolean {
    const { state } = this.#parts;
    if (version <= (state.known[mark]?.version ?? 0)) return false;
    const register = state.get("register");
    // Newer than the register: the one that names it is on its way.
    return !register || version > register.version || register.cards[mark] === version;
  }

  async #take(card: SharedCard, { version, by }: Pick<CardDocument, "version" | "by">): Promise<void> {
    const { cards, state, self } = this.#parts;
    const { mark } = card;
    const known = { version, digest: digestOf(card), by };
    const own = await cards.get(mark);
    // Whoever changed it here a moment ago has been told that it is so, and comes to be heard only after this.
    if (!this.#isKnown(mark, own) && !this.#isPending(mark, own)) await this.#notice({ mark, card: own });
    const pending = state.pending[mark];
    if (
      pending && pending.witnessed === undefined && digestOf(card) !== (own && digestOf(own)) &&
      (by === self.id || isStricter(own, card))
    ) {
      // What was changed here later, or more strictly, stays until the site has taken it up.
      await state.setKnown(mark, known);
      if (by === self.id) await state.setPending(mark, { ...pending, base: version });
      return await this.#wishes.send(mark);
    }
    const from = state.get("register")?.panels.find(({ id }) => id === by)?.name ?? "the site";
    if (!await cards.put(card, own, from)) return await this.#take(card, { version, by });
    await state.setPending(mark, undefined);
    await state.setKnown(mark, known);
  }

  async #lookAround(): Promise<void> {
    const { cards, state } = this.#parts;
    const there = new Map((await cards.all()).map((card) => [card.mark, card]));
    for (const [mark, card] of there) await this.#notice({ mark, card });
    for (const mark of Object.keys(state.known)) {
      if (!there.has(mark)) await this.#notice({ mark, card: undefined });
    }
  }

  async #notice({ mark, card }: LocalChange): Promise<void> {
    const { state } = this.#parts;
    const { n, witnessed } = state.pending[mark] ?? {};
    // What was wished before and undone since may be taken yet: a later wish has to make nothing of it.
    if (n === undefined && this.#isKnown(mark, card)) return await state.setPending(mark, undefined);
    const base = state.known[mark]?.version ?? 0;
    const isWitnessed = witnessed === witnessOf(card);
    await state.setPending(mark, {
      base,
      ...(n === undefined ? {} : { n }),
      ...(isWitnessed ? { witnessed } : {}),
    });
  }

  /** Whether it is noted that the card was changed to this here. */
  #isPending(mark: string, card: SharedCard | undefined): boolean {
    const pending = this.#parts.state.pending[mark];
    return pending !== undefined && (pending.witnessed ?? witnessOf(card)) === witnessOf(card);
  }

  /** Whether it is here as the site has it, as far as this panel knows. */
  #isKnown(mark: string, card: SharedCard | undefined): boolean {
    return this.#parts.state.known[mark]?.digest === (card && digestOf(card));
  }
}

/** What a card is that another panel's wish was followed to; empty: it was taken away. */
function witnessOf(card: SharedCard | undefined): string {
  return card ? digestOf(card) : "";
}

/** Whether a panel's own card, or that it took it away, lets in less. */
function isStricter(own: SharedCard | undefined, other: SharedCard): boolean {
  return !own || (own.suspended && !other.suspended);
}
