import { type AccessService, type LogRow, oneAtATime } from "../../core/mod.ts";
import { KINDS, rowsSchema, type Seen, seenSchema } from "./documents.ts";
import { digestOfRow, markOf } from "./log_marks.ts";
import type { SiteParts } from "./parts.ts";
import { rowsPlace } from "./places.ts";
import { locked, signed, verified } from "./seals.ts";

export interface LogShipperParts extends Pick<SiteParts, "outbox" | "state" | "topics" | "site" | "self"> {
  access: Pick<AccessService, "log">;
}

/** Where the next rows belong. */
interface Top {
  epoch: number;
  /** The mark of the newest row at the panel that keeps the key. */
  behind: string;
  /** The newest of this log that is there. */
  row: number;
}

/** Rows in one message. */
const BATCH = 100;

/**
 * Sends this panel's access log to the one that keeps the site's key, a batch at a time: the next when that one says that
 * it has the last. The log itself is what waits, so nothing is lost and nothing is kept twice. Either may have been set
 * back by a backup that was restored: they go on from the last row that both have.
 */
export class LogShipper {
  readonly #parts: LogShipperParts;
  #top: Top | undefined;
  readonly #inTurn = oneAtATime();

  constructor(parts: LogShipperParts) {
    this.#parts = parts;
  }

  /** Nothing of what was before is sent. */
  async begin(): Promise<void> {
    const { state } = this.#parts;
    const newest = await this.#newest();
    await state.set("begun", newest);
    await state.set("shipped", newest);
  }

  /** Sends what is not there yet. */
  send(): Promise<void> {
    return this.#inTurn(() => this.#send());
  }

  /** How far the log is there. */
  seen(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const { self, site, state } = this.#parts;
      const seen = await verified(text, site.publicKey, KINDS.seen, seenSchema);
      const epoch = state.get("secrets")?.epoch;
      if (!seen || seen.site !== site.id || seen.panel !== self.id || seen.epoch !== epoch) return;
      const found = await this.#common(seen);
      // Without one that both have it is asked for more of them first: by what nobody has as its newest.
      const behind = found === undefined && !seen.far ? "" : seen.marks[0]?.mark ?? "";
      const row = Math.max(this.#begun, found ?? Math.min(this.#shipped, await this.#newest()));
      const before = this.#top;
      this.#top = { epoch, behind, row };
      if (row !== this.#shipped) await state.set("shipped", row);
      if (before?.behind !== behind || before.row !== row) await this.#send();
    });
  }

  async #send(): Promise<void> {
    const { outbox, self, site, state, topics } = this.#parts;
    const secrets = state.get("secrets");
    if (!secrets || !await outbox.isUp()) return;
    const known = this.#top?.epoch === secrets.epoch ? this.#top : undefined;
    const row = known?.row ?? this.#shipped;
    const [previous, rows] = await this.#from(row);
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return;
    const after = previous ? markOf(secrets.data, digestOfRow(previous)) : "";
    const body = rowsSchema.parse({
      site: site.id,
      panel: self.id,
      from: first.seq,
      to: last.seq,
      epoch: secrets.epoch,
      behind: known?.behind ?? (row > this.#begun ? after : ""),
      after,
      locked: await locked(
        secrets.data,
        rowsPlace(site.id, self.id, first.seq, last.seq),
        JSON.stringify(rows),
      ),
    });
    outbox.put(topics.rows(self.id), await signed(state.identity.signer, KINDS.rows, body), {
      retain: false,
    });
  }

  /** The newest row of this log that is there too; undefined where none of those that are named is here. */
  async #common({ marks }: Seen): Promise<number | undefined> {
    const { access, state } = this.#parts;
    if (marks.length === 0) return this.#begun;
    const { data } = state.get("secrets")!;
    for (const { row, mark } of marks.toSorted((a, b) => b.row - a.row)) {
      const [own] = await access.log({ before: row + 1, limit: 1 });
      if (own?.seq === row && markOf(data, digestOfRow(own)) === mark) return row;
    }
    return undefined;
  }

  /** This row, and the oldest of what is newer: rows are numbered without a gap. */
  async #from(row: number): Promise<[LogRow | undefined, LogRow[]]> {
    const rows = await this.#parts.access.log({ before: row + BATCH + 1, limit: BATCH + 1 });
    return [rows.find(({ seq }) => seq === row), rows.filter(({ seq }) => seq > row).reverse()];
  }

  async #newest(): Promise<number> {
    const [newest] = await this.#parts.access.log({ limit: 1 });
    return newest?.seq ?? 0;
  }

  get #shipped(): number {
    return this.#parts.state.get("shipped") ?? 0;
  }

  get #begun(): number {
    return this.#parts.state.get("begun") ?? this.#shipped;
  }
}
