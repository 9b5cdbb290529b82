import { LatchkeyError, oneAtATime, type SharedCard } from "../../core/mod.ts";
import { Crier } from "./crier.ts";
import {
  joinSchema,
  KINDS,
  MOST_CARDS,
  MOST_PANELS,
  type Register,
  type SitePanel,
  type Wish,
  wishSchema,
} from "./documents.ts";
import type { Follower } from "./follower.ts";
import { codeOf, OpenInvitation } from "./invitation.ts";
import { digestOf, type LocalChange } from "./local_cards.ts";
import type { SiteParts } from "./parts.ts";
import { wishPlace } from "./places.ts";
import { Recall } from "./recall.ts";
import { claimed, verified } from "./seals.ts";
import { endRotation, sealedForEach } from "./secrets.ts";
import { cardIn } from "./shared_cards.ts";

export interface KeeperParts extends SiteParts {
  /** Makes the cards here as this panel itself said that they are, where it does not know so any more. */
  follower: Pick<Follower, "registered" | "told">;
  /** 64 hexadecimal digits that nobody can guess. */
  freshKey(): string;
  /** A panel was let in. */
  admitted(panel: SitePanel): Promise<void>;
}

/** A card as this panel says that it is. */
interface Said {
  mark: string;
  card: SharedCard | undefined;
  by: string;
}

/** The panel that keeps the site's key: says what holds, and takes up what other panels wish. One thing at a time. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #crier: Crier;
  readonly #invitation: OpenInvitation;
  readonly #recall: Recall;
  /** Panels whose cards have no room: it is told once. */
  readonly #refused = new Set<string>();
  readonly #inTurn = oneAtATime();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#crier = new Crier(parts);
    this.#recall = new Recall({
      ...parts,
      insist: async (mark, card) => {
        // What was changed here meanwhile is told by itself.
        if (card) return void await this.#take(card, await parts.cards.get(mark), parts.self);
        await parts.cards.remove(mark, parts.self.name);
        await this.#set(mark, undefined, parts.self.id);
      },
    });
    this.#invitation = new OpenInvitation(parts.clock);
  }

  get register(): Register {
    return this.#parts.state.get("register")!;
  }

  /** Takes up what changed while nobody looked. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { cards, self, state } = this.#parts;
      await endRotation(state, self.id);
      const there = new Map((await cards.all()).map((card) => [card.mark, card]));
      const { id: by } = this.#parts.self;
      const gone = Object.keys(this.register.cards).filter((mark) => !there.has(mark));
      const changed = [...there].filter(([mark, card]) => state.known[mark]?.digest !== digestOf(card));
      await this.#setAll([
        ...gone.map((mark) => ({ mark, card: undefined, by })),
        ...changed.map(([mark, card]) => ({ mark, card, by })),
      ]);
    });
  }

  /** Tells all of it: a broker may have forgotten. */
  repeat(): Promise<void> {
    return this.#inTurn(async () => {
      this.#recall.forget();
      await this.#parts.state.set("pending", {});
      await this.#crier.all();
    });
  }

  registered(text: string): Promise<void> {
    return this.#inTurn(() => this.#recall.registered(text));
  }

  told(text: string): Promise<void> {
    return this.#inTurn(() => this.#recall.told(text));
  }

  changed({ mark }: LocalChange): Promise<void> {
    return this.#inTurn(async () => void await this.#heard(mark));
  }

  /** The card as it is here, once it is said so. */
  async #heard(mark: string): Promise<SharedCard | undefined> {
    const { cards, self, state } = this.#parts;
    const card = await cards.get(mark);
    const known = state.known[mark];
    if (card ? known?.digest === digestOf(card) : !known) return card;
    await this.#set(mark, card, self.id);
    await this.#crier.change(mark);
    return card;
  }

  /** A code for one panel to join with. */
  invite(secret: string): { code: string; remainingMs: number } {
    const { site } = this.#parts;
    const { remainingMs } = this.#invitation.begin(secret);
    return { code: codeOf({ site: site.id, publicKey: site.publicKey, secret }), remainingMs };
  }

  joins(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const { admitted, site, state } = this.#parts;
      const claim = claimed(text, joinSchema);
      const join = claim && await verified(text, claim.panel.signer, KINDS.join, joinSchema);
      if (!join || join.site !== site.id || join.panel.id === this.#parts.self.id) return;
      const others = this.register.panels.filter(({ id }) => id !== join.panel.id);
      if (others.length >= MOST_PANELS || !this.#invitation.takeUp(join.panel, join.mac)) return;
      const sealed = await sealedForEach([{ ...join.panel, taken: 0 }], state.get("secrets")!);
      // What it signed before means nothing any more: it has a new key, or goes on counting.
      const known = this.register.panels.find(({ signer }) => signer === join.panel.signer);
      await state.set("taken", { ...state.get("taken"), [join.panel.id]: known?.taken ?? 0 });
      await this.#save({ panels: [...others, ...sealed] });
      await admitted(join.panel);
      await this.#crier.register();
    });
  }

  /**
   * Another panel of the site.
   * @throws {LatchkeyError} `panel-unknown` (404), `panel-own` (409)
   */
  panel(id: string): SitePanel {
    if (id === this.#parts.self.id) {
      throw new LatchkeyError("panel-own", "This is the panel that keeps the site's key, not another one", {
        status: 409,
      });
    }
    const panel = this.register.panels.find((panel) => panel.id === id);
    if (panel) return panel;
    throw new LatchkeyError("panel-unknown", `There is no panel "${id.slice(0, 64)}" at this site`, {
      status: 404,
    });
  }

  /** @throws {LatchkeyError} as `panel` */
  remove(id: string, suspend: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const { freshKey, self, state } = this.#parts;
      this.panel(id);
      // First: where it is cut off, the panel is still there to be removed again.
      const cardsBy = Object.entries(state.known).filter(([, { by }]) => suspend && by === id);
      for (const [mark] of cardsBy) await this.#suspend(mark, self);
      const panels = this.register.panels.filter((panel) => panel.id !== id);
      const secrets = { ...state.get("secrets")!, epoch: this.register.epoch + 1, data: freshKey() };
      await this.#save({ panels: await sealedForEach(panels, secrets), epoch: secrets.epoch });
      await state.set("secrets", secrets);
      // Every card anew, under the new key: what lies at the broker is nothing to who has only the old one.
      const anew: Said[] = [];
      for (const mark of Object.keys(this.register.cards)) {
        anew.push({ mark, card: await this.#parts.cards.get(mark), by: state.known[mark]?.by ?? self.id });
      }
      await this.#setAll(anew);
      await this.#crier.all();
    });
  }

  async #suspend(mark: string, by: Pick<SitePanel, "id" | "name">): Promise<void> {
    const card = await this.#parts.cards.get(mark);
    if (card && !await this.#take({ ...card, suspended: true }, card, by)) await this.#suspend(mark, by);
  }

  /** A change that was made at another panel. */
  wished(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const { site, state } = this.#parts;
      const claim = claimed(text, wishSchema);
      const panel = this.register.panels.find(({ id }) => id === claim?.panel);
      if (!panel || panel.id === this.#parts.self.id) return;
      const wish = await verified(text, panel.signer, KINDS.wish, wishSchema);
      const taken = state.get("taken") ?? {};
      if (!wish || wish.site !== site.id || wish.n <= (taken[panel.id] ?? 0)) return;
      await state.set("taken", { ...taken, [panel.id]: wish.n });
      if (wish.epoch !== this.register.epoch) return;
      await this.#follow(wish, panel);
    });
  }

  async #follow(wish: Wish, panel: SitePanel): Promise<void> {
    const { cards, state } = this.#parts;
    const { mark, base } = wish;
    const own = await this.#heard(mark);
    const version = this.register.cards[mark] ?? 0;
    // An earlier wish of that panel may have been lost: it learns that it counts no more.
    if (wish.witnessed && version !== base) return await this.#answer();
    if (wish.locked === null) {
      if (version === 0) return await this.#answer();
      await cards.remove(mark, panel.name);
      await this.#set(mark, undefined, panel.id);
      return await this.#crier.change(mark);
    }
    const place = wishPlace(wish.site, wish.panel, wish.n, mark);
    const card = await cardIn(state.get("secrets")!, place, wish);
    const isSame = card && digestOf(card) === state.known[mark]?.digest;
    // Undone before it was heard of, or said twice.
    if (!card || isSame) return isSame && version === base ? await this.#answer() : undefined;
    if (version !== base) return await this.#conflict(card, version, panel);
    if (version === 0 && Object.keys(this.register.cards).length >= MOST_CARDS) {
      if (!this.#refused.has(panel.id)) {
        this.#parts.log.warn("Cards are not taken up: the site has too many", { panel: panel.name });
      }
      return void this.#refused.add(panel.id);
    }
    if (version === 0) this.#refused.delete(panel.id);
    if (!await this.#take(card, own, panel)) return await this.#follow(wish, panel);
    await this.#crier.change(mark);
  }

  /** Says which wishes were taken, where nothing else is to be said. */
  async #answer(): Promise<void> {
    await this.#save({});
    await this.#crier.register();
  }

  /** Of two changes that know nothing of each other the stricter wins, and the first where none is stricter. */
  async #conflict(card: SharedCard, version: number, panel: SitePanel): Promise<void> {
    this.#parts.log.warn("Two panels changed a card apart from each other", { panel: panel.name });
    if (version === 0) return;
    const current = await this.#parts.cards.get(card.mark);
    if (!current || current.suspended || !card.suspended) return;
    // Neither panel's own wish, so that neither takes it for one.
    await this.#suspend(card.mark, this.#parts.self);
    await this.#crier.change(card.mark);
  }

  /**
   * Makes it so here, then at the site: a crash between the two leaves a change of this panel's own.
   * @returns whether it was: not where somebody here has changed meanwhile what it takes the place of
   */
  async #take(
    card: SharedCard,
    over: SharedCard | undefined,
    { id, name }: Pick<SitePanel, "id" | "name">,
  ): Promise<boolean> {
    const isTaken = await this.#parts.cards.put(card, over, name);
    if (isTaken) await this.#set(card.mark, card, id);
    return isTaken;
  }

  async #set(mark: string, card: SharedCard | undefined, by: string): Promise<void> {
    await this.#setAll([{ mark, card, by }]);
  }

  /** The register first: a crash before the rest leaves changes of this panel's own. */
  async #setAll(all: readonly Said[]): Promise<void> {
    if (all.length === 0) return;
    const { outbox, state } = this.#parts;
    const version = this.register.version + 1;
    const cards = { ...this.register.cards };
    for (const { mark, card } of all) {
      const base = cards[mark] ?? 0;
      if (!outbox.isOpen) await state.setPending(mark, state.pending[mark] ?? { base });
      if (card) cards[mark] = version;
      else delete cards[mark];
    }
    await this.#save({ cards });
    await state.setAllKnown(
      all.map(({ mark, card, by }) => [mark, card && { version, digest: digestOf(card), by }]),
    );
  }

  /** Every register has a version of its own. */
  async #save(change: Partial<Register>): Promise<void> {
    const { state } = this.#parts;
    const taken = state.get("taken") ?? {};
    const { panels, ...others } = { ...this.register, ...change };
    await state.set("register", {
      ...others,
      panels: panels.map((panel) => ({ ...panel, taken: taken[panel.id] ?? 0 })),
      version: this.register.version + 1,
    });
  }
}
