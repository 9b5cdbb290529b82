import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import {
  type Actor,
  type CardSharingService,
  type Context,
  credentialsChanged,
  type CredentialService,
  type SharedCard,
} from "../../core/mod.ts";

/** A card that this panel has and may share; without one where it was taken away. */
export interface LocalChange {
  mark: string;
  card: SharedCard | undefined;
}

export interface LocalCardParts {
  ctx: Pick<Context, "id" | "on">;
  credentials: CredentialService;
  sharing: CardSharingService;
  /** Something about the cards of this panel changed, whoever did it. */
  changed(change: LocalChange): void;
}

/** Cards that are looked at in one turn: others have theirs in between. */
const PAGE = 50;

/** The cards of this panel, by the mark that all panels of the site know them by. */
export class LocalCards {
  readonly #parts: LocalCardParts;
  /** By the card's id. */
  readonly #seen = new Map<string, Pick<SharedCard, "mark" | "holderName">>();

  private constructor(parts: LocalCardParts) {
    this.#parts = parts;
  }

  static async open(parts: LocalCardParts): Promise<LocalCards> {
    const cards = new LocalCards(parts);
    parts.ctx.on(credentialsChanged, ({ id }) => cards.#look(id));
    await cards.all();
    return cards;
  }

  /** Those that may be shared. */
  async all(): Promise<SharedCard[]> {
    const { credentials, sharing } = this.#parts;
    const found: SharedCard[] = [];
    let page = await credentials.list({ limit: PAGE });
    while (page.length > 0) {
      for (const { id } of page) {
        const card = await sharing.describe(id);
        if (!card) continue;
        this.#seen.set(id, { mark: card.mark, holderName: card.holderName });
        found.push(card);
      }
      await setImmediate();
      page = await credentials.list({ limit: PAGE, after: page.at(-1)!.id });
    }
    return found;
  }

  async get(mark: string): Promise<SharedCard | undefined> {
    const id = await this.#parts.sharing.find(mark);
    return id === undefined ? undefined : await this.#parts.sharing.describe(id);
  }

  /**
   * @param over what it takes the place of, as it was got
   * @param from what the panel is called that changed it
   * @returns whether that was still so: where somebody here has changed the card meanwhile, nothing is done
   */
  async put(card: SharedCard, over: SharedCard | undefined, from: string): Promise<boolean> {
    return await this.#parts.sharing.put(card, over, this.#actor, `changed at ${from}`);
  }

  async remove(mark: string, from: string): Promise<void> {
    await this.#parts.sharing.remove(mark, this.#actor, `taken away at ${from}`);
  }

  /** Takes all of them away, those that can't be shared too. */
  async discard(): Promise<void> {
    const { credentials } = this.#parts;
    for (let page = await credentials.list(); page.length > 0; page = await credentials.list()) {
      for (const { id } of page) await credentials.remove(id, this.#actor);
    }
  }

  get #actor(): Actor {
    return { kind: "plugin", id: this.#parts.ctx.id, scopes: [] };
  }

  async #look(id: string): Promise<void> {
    const before = this.#seen.get(id);
    const card = await this.#tell(id);
    if (!before || !card || card.holderName === before.holderName) return;
    // Whoever has several cards is called otherwise at all of them.
    const others = [...this.#seen].filter(([, { holderName }]) => holderName === before.holderName);
    for (const [other] of others) await this.#tell(other);
  }

  async #tell(id: string): Promise<SharedCard | undefined> {
    const card = await this.#parts.sharing.describe(id);
    const mark = card?.mark ?? this.#seen.get(id)?.mark;
    if (card) this.#seen.set(id, { mark: card.mark, holderName: card.holderName });
    else this.#seen.delete(id);
    if (mark !== undefined) this.#parts.changed({ mark, card });
    return card;
  }
}

/** Two cards that differ in anything that is shared have different ones. */
export function digestOf(card: SharedCard): string {
  const ordered = Object.fromEntries(Object.entries(card).toSorted(([a], [b]) => a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(ordered)).digest("hex").slice(0, 16);
}
