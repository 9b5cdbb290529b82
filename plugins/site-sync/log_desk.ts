import { type Json, type LogRow, logRowSchema, oneAtATime, type PluginStore } from "../../core/mod.ts";
import { KINDS, rowsSchema, seenSchema } from "./documents.ts";
import { digestOfRow, markOf } from "./log_marks.ts";
import type { SiteParts } from "./parts.ts";
import { rowsPlace } from "./places.ts";
import { claimed, signed, unlocked, verified } from "./seals.ts";

export interface LogDeskParts extends Pick<SiteParts, "state" | "outbox" | "topics" | "site"> {
  store: PluginStore;
}

/** What is kept of one panel's log. */
interface Shelf {
  /** The digest of the newest row. */
  newest: string;
  /** Blocks are numbered; those from `first` up to, not including, `next` are there. */
  first: number;
  next: number;
  /** Rows of the newest block. */
  size: number;
}

/** A row where it is kept. */
export interface PlacedRow extends LogRow {
  /** Rises from row to row as they came: a log that was set back numbers its rows anew. */
  place: number;
}

const BLOCK_ROWS = 100;
const MOST_BLOCKS = 100;
const shelfKey = (panel: string) => `log-${panel}`;
const blockKey = (panel: string, block: number) => `log-${panel}-${block}`;
const EMPTY: Shelf = { newest: "", first: 0, next: 0, size: 0 };

/** The access logs of the other panels, as they send them: the newest of each. */
export class LogDesk {
  readonly #parts: LogDeskParts;
  readonly #inTurn = oneAtATime();

  constructor(parts: LogDeskParts) {
    this.#parts = parts;
  }

  heard(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const { site, state } = this.#parts;
      const claim = claimed(text, rowsSchema);
      const panel = state.get("register")?.panels.find(({ id }) => id === claim?.panel);
      const document = panel && await verified(text, panel.signer, KINDS.rows, rowsSchema);
      const secrets = state.get("secrets");
      if (!panel || !document || document.site !== site.id || document.epoch !== secrets?.epoch) return;
      const shelf = await this.#shelf(panel.id);
      if (document.behind !== markOf(secrets.data, shelf.newest)) {
        return await this.#tell(panel.id, { far: true });
      }
      const { from, to, locked } = document;
      const plain = await unlocked(secrets.data, rowsPlace(site.id, panel.id, from, to), locked);
      if (plain === undefined) return;
      const rows = logRowSchema.array().parse(JSON.parse(plain));
      if (document.after === document.behind) {
        await this.#keep(panel.id, rows);
        return await this.#tell(panel.id);
      }
      const known = await this.#knownSince(panel.id, from - 1, document.after);
      const also = rows.findLast((row) => known.has(digestOfRow(row)));
      await this.#keep(panel.id, rows.filter((row) => !known.has(digestOfRow(row))));
      await this.#tell(panel.id, { far: true, also });
    });
  }

  /** Newest first, those before the place `before`. */
  async list(panel: string, { before = Infinity, limit = 100 } = {}): Promise<PlacedRow[]> {
    const found: PlacedRow[] = [];
    for await (const row of this.#newestFirst(panel, before)) {
      if (found.length >= limit) break;
      found.push(row);
    }
    return found;
  }

  /** Tells each panel how far its log is here: a broker may have forgotten, and this panel may have been set back. */
  async repeat(): Promise<void> {
    const { state } = this.#parts;
    for (const { id, signer } of state.get("register")?.panels ?? []) {
      if (signer !== state.identity.signer.x) await this.#tell(id);
    }
  }

  async forget(panel: string): Promise<void> {
    const { store } = this.#parts;
    const { first, next } = await this.#shelf(panel);
    for (let block = first; block < next; block++) await store.delete(blockKey(panel, block));
    await store.delete(shelfKey(panel));
  }

  async #keep(panel: string, fresh: LogRow[]): Promise<void> {
    const { store } = this.#parts;
    const last = fresh.at(-1);
    if (!last) return;
    const shelf = await this.#shelf(panel);
    const newest = shelf.next - 1;
    // Where the power was cut before the shelf said so, some of the batch is in it.
    const begun = newest < shelf.first ? [] : (await this.#block(panel, newest)).slice(0, shelf.size);
    const fits = begun.length > 0 && begun.length + fresh.length <= BLOCK_ROWS;
    const block = fits ? newest : shelf.next;
    const rows = [...(fits ? begun : []), ...fresh];
    await store.set(blockKey(panel, block), rows as unknown as Json);
    const next = block + 1;
    const first = Math.max(shelf.first, next - MOST_BLOCKS);
    await store.set(shelfKey(panel), { newest: digestOfRow(last), first, next, size: rows.length });
    for (let old = shelf.first; old < first; old++) await store.delete(blockKey(panel, old));
  }

  /** What was kept after that row of the panel's log; all that is kept where it is not there. */
  async #knownSince(panel: string, seq: number, mark: string): Promise<Set<string>> {
    const { data } = this.#parts.state.get("secrets")!;
    const known = new Set<string>();
    for await (const { place: _, ...row } of this.#newestFirst(panel)) {
      const digest = digestOfRow(row);
      if (row.seq === seq && markOf(data, digest) === mark) break;
      known.add(digest);
    }
    return known;
  }

  /** @param far whether rows farther back are named too, and `also` that one */
  async #tell(panel: string, { far = false, also }: { far?: boolean; also?: LogRow | undefined } = {}) {
    const { outbox, site, state, topics } = this.#parts;
    const { data, epoch } = state.get("secrets")!;
    const { first, next, size } = await this.#shelf(panel);
    const newest = size === 0 ? [] : (await this.#block(panel, next - 1)).slice(0, size);
    const named = newest.slice(-1);
    if (far) {
      for (let back = 2; back <= size; back *= 2) named.push(newest[size - back]!);
      for (let back = 1; next - 1 - back >= first; back *= 2) {
        named.push(...(await this.#block(panel, next - 1 - back)).slice(-1));
      }
      if (also) named.push(also);
    }
    const marks = named.map((row) => ({ row: row.seq, mark: markOf(data, digestOfRow(row)) }));
    const signer = { x: site.publicKey, d: site.privateKey ?? "" };
    const body = seenSchema.parse({ site: site.id, panel, epoch, marks, far });
    outbox.put(topics.seen(panel), await signed(signer, KINDS.seen, body));
  }

  async *#newestFirst(panel: string, before = Infinity): AsyncGenerator<PlacedRow> {
    const { first, next, size } = await this.#shelf(panel);
    for (let block = next - 1; block >= first; block--) {
      const start = block * BLOCK_ROWS + 1;
      if (start >= before) continue;
      const rows = await this.#block(panel, block);
      const placed = rows.slice(0, block === next - 1 ? size : rows.length)
        .map((row, index) => ({ ...row, place: start + index }));
      yield* placed.filter(({ place }) => place < before).toReversed();
    }
  }

  async #block(panel: string, block: number): Promise<LogRow[]> {
    const rows = await this.#parts.store.get<Json[]>(blockKey(panel, block));
    return rows as unknown as LogRow[] | undefined ?? [];
  }

  async #shelf(panel: string): Promise<Shelf> {
    const kept = await this.#parts.store.get<{ [key in keyof Shelf]: Shelf[key] }>(shelfKey(panel));
    return kept ?? EMPTY;
  }
}
