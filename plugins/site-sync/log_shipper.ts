import type { AccessService, LogRow } from "../../core/mod.ts";
import { KINDS, rowsSchema, seenSchema, type SitePanel, type SiteTopics } from "./documents.ts";
import type { Outbox } from "./outbox.ts";
import { rowsPlace } from "./places.ts";
import { locked, signed, verified } from "./seals.ts";
import type { Site, SiteState } from "./state.ts";

export interface LogShipperParts {
  access: Pick<AccessService, "log">;
  outbox: Outbox;
  state: SiteState;
  topics: SiteTopics;
  site: Site;
  self: SitePanel;
}

/** Rows in one message. */
const BATCH = 100;

/**
 * Sends this panel's access log to the one that keeps the site's key, a batch at a time: the next when that one says that
 * it has the last. The log itself is what waits, so nothing is lost and nothing is kept twice.
 */
export class LogShipper {
  readonly #parts: LogShipperParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LogShipperParts) {
    this.#parts = parts;
  }

  /** Nothing of what was before is sent. */
  async begin(): Promise<void> {
    const [newest] = await this.#parts.access.log({ limit: 1 });
    await this.#parts.state.set("shipped", newest?.seq ?? 0);
  }

  /** Sends what is not there yet. */
  send(): Promise<void> {
    return this.#next(() => this.#send());
  }

  /** How far the log is there. */
  seen(text: string): Promise<void> {
    return this.#next(async () => {
      const { self, site, state } = this.#parts;
      const seen = await verified(text, site.publicKey, KINDS.seen, seenSchema);
      if (!seen || seen.site !== site.id || seen.panel !== self.id) return;
      if (seen.row <= (state.get("shipped") ?? 0)) return;
      await state.set("shipped", seen.row);
      await this.#send();
    });
  }

  async #send(): Promise<void> {
    const { outbox, self, site, state, topics } = this.#parts;
    const secrets = state.get("secrets");
    if (!await outbox.isUp()) return;
    const rows = await this.#after(state.get("shipped") ?? 0);
    const [first, last] = [rows[0], rows.at(-1)];
    if (!secrets || !first || !last) return;
    const place = rowsPlace(site.id, self.id, first.seq, last.seq);
    const body = rowsSchema.parse({
      site: site.id,
      panel: self.id,
      from: first.seq,
      to: last.seq,
      epoch: secrets.epoch,
      locked: await locked(secrets.data, place, JSON.stringify(rows)),
    });
    outbox.put(topics.rows(self.id), await signed(state.identity.signer, KINDS.rows, body), {
      retain: false,
    });
  }

  /** The oldest of what is newer than this row: rows are numbered without a gap. */
  async #after(row: number): Promise<LogRow[]> {
    const rows = await this.#parts.access.log({ before: row + BATCH + 1, limit: BATCH });
    return rows.filter(({ seq }) => seq > row).reverse();
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
