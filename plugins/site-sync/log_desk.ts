import { type Json, type LogRow, logRowSchema, type PluginStore } from "../../core/mod.ts";
import { KINDS, rowsSchema, type SiteTopics } from "./documents.ts";
import type { Outbox } from "./outbox.ts";
import { rowsPlace } from "./places.ts";
import { claimed, signed, unlocked, verified } from "./seals.ts";
import type { Site, SiteState } from "./state.ts";

export interface LogDeskParts {
  store: PluginStore;
  state: SiteState;
  outbox: Outbox;
  topics: SiteTopics;
  site: Site;
}

/** What is kept of one panel's log. */
interface Shelf {
  /** The newest row. */
  row: number;
  /** Blocks are numbered; those from `first` up to, not including, `next` are there. */
  first: number;
  next: number;
}

const BLOCK_ROWS = 100;
const MOST_BLOCKS = 100;
const shelfKey = (panel: string) => `log-${panel}`;
const blockKey = (panel: string, block: number) => `log-${panel}-${block}`;
const EMPTY: Shelf = { row: 0, first: 0, next: 0 };

/** The access logs of the other panels, as they send them: the newest of each. */
export class LogDesk {
  readonly #parts: LogDeskParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LogDeskParts) {
    this.#parts = parts;
  }

  heard(text: string): Promise<void> {
    return this.#next(async () => {
      const { site, state } = this.#parts;
      const claim = claimed(text, rowsSchema);
      const panel = state.get("register")?.panels.find(({ id }) => id === claim?.panel);
      const document = panel && await verified(text, panel.signer, KINDS.rows, rowsSchema);
      const secrets = state.get("secrets");
      if (!panel || !document || document.site !== site.id || document.epoch !== secrets?.epoch) return;
      const { from, to, locked } = document;
      const plain = await unlocked(secrets.data, rowsPlace(site.id, panel.id, from, to), locked);
      if (plain === undefined) return;
      const rows = logRowSchema.array().parse(JSON.parse(plain));
      await this.#keep(panel.id, rows);
    });
  }

  /** Newest first, those before `before`. */
  async list(panel: string, { before = Infinity, limit = 100 } = {}): Promise<LogRow[]> {
    const { first, next } = await this.#shelf(panel);
    const found: LogRow[] = [];
    for (let block = next - 1; block >= first && found.length < limit; block--) {
      const rows = await this.#block(panel, block);
      found.push(...rows.filter(({ seq }) => seq < before).toReversed());
    }
    return found.slice(0, limit);
  }

  /** Tells each panel how far its log is here: a broker may have forgotten. */
  async repeat(): Promise<void> {
    for (const { id } of this.#parts.state.get("register")?.panels ?? []) {
      const { row } = await this.#shelf(id);
      if (row > 0) await this.#tell(id, row);
    }
  }

  async forget(panel: string): Promise<void> {
    const { store } = this.#parts;
    const { first, next } = await this.#shelf(panel);
    for (let block = first; block < next; block++) await store.delete(blockKey(panel, block));
    await store.delete(shelfKey(panel));
  }

  /** A batch that comes twice adds nothing. */
  async #keep(panel: string, rows: LogRow[]): Promise<void> {
    const { store } = this.#parts;
    const shelf = await this.#shelf(panel);
    const fresh = rows.filter(({ seq }) => seq > shelf.row);
    const last = fresh.at(-1);
    if (last) {
      const newest = shelf.next - 1;
      const written = newest < shelf.first ? [] : await this.#block(panel, newest);
      // Where the power was cut before the shelf said so, some of the batch is in it.
      const begun = written.filter(({ seq }) => seq <= shelf.row);
      const fits = begun.length > 0 && begun.length + fresh.length <= BLOCK_ROWS;
      const block = fits ? newest : shelf.next;
      await store.set(blockKey(panel, block), [...(fits ? begun : []), ...fresh] as unknown as Json);
      const next = block + 1;
      const first = Math.max(shelf.first, next - MOST_BLOCKS);
      await store.set(shelfKey(panel), { row: last.seq, first, next });
      for (let old = shelf.first; old < first; old++) await store.delete(blockKey(panel, old));
    }
    await this.#tell(panel, last?.seq ?? shelf.row);
  }

  async #tell(panel: string, row: number): Promise<void> {
    const { outbox, site, topics } = this.#parts;
    const signer = { x: site.publicKey, d: site.privateKey ?? "" };
    outbox.put(topics.seen(panel), await signed(signer, KINDS.seen, { site: site.id, panel, row }));
  }

  async #block(panel: string, block: number): Promise<LogRow[]> {
    const rows = await this.#parts.store.get<Json[]>(blockKey(panel, block));
    return rows as unknown as LogRow[] | undefined ?? [];
  }

  async #shelf(panel: string): Promise<Shelf> {
    return await this.#parts.store.get<{ row: number; first: number; next: number }>(shelfKey(panel)) ??
      EMPTY;
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
