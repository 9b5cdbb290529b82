import type { Json, PluginStore } from "../../core/mod.ts";
import type { Register, Secrets, SitePanel } from "./documents.ts";
import { type KeyPair, newBox, newSigner } from "./seals.ts";

/** What a panel is at its site. */
export type Role = "keeper" | "follower" | "removed";

export interface Site {
  id: string;
  role: Role;
  /** The site's public key. */
  publicKey: string;
  /** At the panel that keeps it. */
  privateKey?: string;
}

/** A card as this panel last took it from the site, or gave it to it. */
export interface Known {
  version: number;
  /** What the card was like, to tell a change that was made here. */
  digest: string;
  by: string;
}

/** A change that was made here and that the site has not taken up. */
export interface Pending {
  /** The version that it was made from. */
  base: number;
  /** The number of the last wish about this card: one of before may still be taken, up to then. */
  n?: number;
  /** Where it was only taken over from another panel's wish: what the card was like then, empty where it was gone. */
  witnessed?: string;
}

interface Stored {
  identity: { signer: KeyPair; box: KeyPair };
  site: Site;
  register: Register;
  secrets: Secrets;
  pending: Record<string, Pending>;
  /** The number of the last wish that was sent. */
  wishes: number;
  /** The number of the last wish of each panel that was taken. */
  taken: Record<string, number>;
  /** The newest row of the log when the panel joined: it is not sent. */
  begun: number;
  /** How far the log is at the keeper. */
  shipped: number;
}

/** What is known of cards lies in parts, so that not all of it is written for each. */
const shelfOf = (mark: string) => `known-${mark.slice(0, 2)}`;
const SHELVES = Array.from({ length: 256 }, (_, n) => shelfOf(n.toString(16).padStart(2, "0")));

/** What must outlive a restart, in the plugin's private store. A resolved change is on disk. */
export class SiteState {
  readonly #store: PluginStore;
  readonly #values: Partial<Stored>;
  readonly #known: Record<string, Known>;

  private constructor(store: PluginStore, values: Partial<Stored>, known: Record<string, Known>) {
    this.#store = store;
    this.#values = values;
    this.#known = known;
  }

  static async open(store: PluginStore): Promise<SiteState> {
    const names = [
      "identity",
      "site",
      "register",
      "secrets",
      "pending",
      "wishes",
      "taken",
      "begun",
      "shipped",
    ] as const;
    const values: Record<string, unknown> = {};
    for (const name of names) values[name] = await store.get(name);
    const known = {};
    for (const shelf of SHELVES) Object.assign(known, await store.get(shelf));
    const state = new SiteState(store, values as Partial<Stored>, known);
    if (!values["identity"]) await state.#renew();
    return state;
  }

  /** This panel, to others. */
  self(id: string, name: string): SitePanel {
    const { signer, box } = this.identity;
    return { id, name, signer: signer.x, box: box.x };
  }

  get<Name extends keyof Stored>(name: Name): Stored[Name] | undefined {
    return this.#values[name];
  }

  get identity(): Stored["identity"] {
    return this.#values.identity!;
  }

  get known(): Readonly<Record<string, Known>> {
    return this.#known;
  }

  get pending(): Readonly<Record<string, Pending>> {
    return this.#values.pending ?? {};
  }

  async set<Name extends keyof Stored>(name: Name, value: Stored[Name]): Promise<void> {
    await this.#store.set(name, value as unknown as Json);
    this.#values[name] = value;
  }

  async setKnown(mark: string, known: Known | undefined): Promise<void> {
    await this.setAllKnown([[mark, known]]);
  }

  async setAllKnown(all: readonly (readonly [mark: string, known: Known | undefined])[]): Promise<void> {
    for (const [mark, known] of all) {
      if (known) this.#known[mark] = known;
      else delete this.#known[mark];
    }
    const shelves = Map.groupBy(Object.entries(this.#known), ([mark]) => shelfOf(mark));
    for (const shelf of new Set(all.map(([mark]) => shelfOf(mark)))) {
      await this.#store.set(shelf, Object.fromEntries(shelves.get(shelf) ?? []) as unknown as Json);
    }
  }

  async setPending(mark: string, pending: Pending | undefined): Promise<void> {
    const { [mark]: before, ...others } = this.pending;
    if (before === undefined && pending === undefined) return;
    await this.set("pending", pending ? { ...others, [mark]: pending } : others);
  }

  /** Everything, and who this panel was: nothing that it said or was told at one site means anything at the next. */
  async forget(): Promise<void> {
    for (const name of Object.keys(this.#values) as (keyof Stored)[]) {
      await this.#store.delete(name);
      delete this.#values[name];
    }
    for (const shelf of SHELVES) await this.#store.delete(shelf);
    for (const mark of Object.keys(this.#known)) delete this.#known[mark];
    await this.#renew();
  }

  #renew(): Promise<void> {
    return this.set("identity", { signer: newSigner(), box: newBox() });
  }
}
