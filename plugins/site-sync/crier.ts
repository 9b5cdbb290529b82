import { cardSchema, KINDS } from "./documents.ts";
import type { SiteParts } from "./parts.ts";
import { cardPlace } from "./places.ts";
import { type KeyPair, locked, signed } from "./seals.ts";

export type CrierParts = Pick<SiteParts, "state" | "cards" | "outbox" | "topics" | "site">;

/** Says what holds, signed with the site's key. */
export class Crier {
  readonly #parts: CrierParts;
  readonly #signer: KeyPair;

  constructor(parts: CrierParts) {
    this.#parts = parts;
    this.#signer = { x: parts.site.publicKey, d: parts.site.privateKey ?? "" };
  }

  /** What has changed: a card before the register that names it, one that is gone after it. */
  async change(mark: string): Promise<void> {
    const { outbox, state, topics } = this.#parts;
    const isThere = mark in (state.get("register")?.cards ?? {});
    if (isThere) await this.#card(mark);
    await this.register();
    if (!isThere) outbox.put(topics.card(mark), "");
  }

  async all(): Promise<void> {
    for (const mark of Object.keys(this.#parts.state.get("register")?.cards ?? {})) await this.#card(mark);
    await this.register();
  }

  async register(): Promise<void> {
    const { outbox, state, topics } = this.#parts;
    outbox.put(topics.register, await signed(this.#signer, KINDS.register, state.get("register")!));
  }

  async #card(mark: string): Promise<void> {
    const { cards, outbox, site, state, topics } = this.#parts;
    const card = await cards.get(mark);
    const known = state.known[mark];
    if (!card || !known) return;
    const { data, epoch } = state.get("secrets")!;
    const { version, by } = known;
    const body = {
      site: site.id,
      mark,
      version,
      epoch,
      by,
      locked: await locked(data, cardPlace(site.id, mark, version), JSON.stringify(card)),
    };
    outbox.put(topics.card(mark), await signed(this.#signer, KINDS.card, cardSchema.parse(body)));
  }
}
