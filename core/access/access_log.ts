import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";
import { BEGINNING, type ChainedRow, type Head, sealRow } from "./chain.ts";
import type { ClockTrust } from "./clock_trust.ts";
import type { LogEntry, LogQuery } from "./keys.ts";
import { fromStored, rowOf, toStored } from "./log_row.ts";
import type { LogRow } from "./model.ts";

export type Append = (entry: LogEntry) => LogRow;

export interface AccessLogParts {
  store: Store;
  /** Seals the rows. */
  key: Uint8Array;
  trust: ClockTrust;
  clock: Clock;
  /** Hears rows that are durable, in order. */
  onRows?: (rows: LogRow[]) => void;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** A release request that has its row already. */
export class AlreadyLogged extends Error {}

/** The audit: rows are only ever added, each sealed together with all before it. */
export class AccessLog {
  readonly #parts: AccessLogParts;
  /** The newest row; undefined when it must be read again, as after a failed write. */
  #head: Head | undefined;

  constructor(parts: AccessLogParts) {
    this.#parts = parts;
    this.#head = this.#readHead();
  }

  /**
   * One transaction, one fsync: whatever `work` writes and the rows that it appends are durable together.
   * @throws {LatchkeyError} `database-…`; {AlreadyLogged}; then nothing of it has happened
   */
  write<T>(work: (append: Append) => T): T {
    const { store, key, trust, clock, onRows } = this.#parts;
    const clockTrusted = trust.trusted();
    const at = Math.trunc(clock.now());
    const rows: LogRow[] = [];
    let head = this.#head;
    this.#head = undefined;
    const result = store.transaction(() => {
      const append: Append = (entry) => {
        head ??= this.#readHead();
        const row = rowOf(entry, { seq: head.seq + 1, at, clockTrusted });
        const stored = toStored(row);
        const mac = sealRow(key, head.mac, stored);
        this.#insert(stored, mac);
        head = { seq: row.seq, mac };
        rows.push(row);
        return row;
      };
      trust.save(append);
      return work(append);
    });
    this.#head = head;
    trust.saved();
    if (rows.length > 0) onRows?.(rows);
    return result;
  }

  /**
   * Adds one row; where nothing else is to be written, without a transaction around it.
   * @throws as `write` does
   */
  append(entry: LogEntry): LogRow {
    const { store, key, trust, clock, onRows } = this.#parts;
    const clockTrusted = trust.trusted();
    if (trust.changed) return this.write((append) => append(entry));
    const head = this.head();
    this.#head = undefined;
    const row = rowOf(entry, { seq: head.seq + 1, at: Math.trunc(clock.now()), clockTrusted });
    const stored = toStored(row);
    const mac = sealRow(key, head.mac, stored);
    store.single(() => this.#insert(stored, mac));
    this.#head = { seq: row.seq, mac };
    onRows?.([row]);
    return row;
  }

  /** The newest row's number and seal; number 0 where there is none. */
  head(): Head {
    return this.#head ??= this.#readHead();
  }

  /** The seal of one row. */
  macOf(seq: number): Uint8Array | undefined {
    const mac = this.#parts.store.prepare("SELECT mac FROM access_log WHERE seq = ?").get(seq)?.["mac"];
    return mac instanceof Uint8Array ? mac : undefined;
  }

  /** What became of a release request: the decision, and whether its output failed. */
  find(requestId: string): { row: LogRow; failed: boolean } | undefined {
    // The condition repeats the index's, else SQLite does not use it. "release" sorts before "release-failed".
    const rows = this.#parts.store.prepare(
      `SELECT * FROM access_log WHERE request_id = ? AND kind IN ('release', 'release-failed') ORDER BY kind`,
    ).all(requestId) as unknown as ChainedRow[];
    const [row] = rows;
    return row && { row: fromStored(row), failed: rows.length > 1 };
  }

  /** Newest first. */
  list({ before, limit = DEFAULT_LIMIT, kind }: LogQuery = {}): LogRow[] {
    const rows = this.#parts.store.prepare(
      `SELECT * FROM access_log WHERE seq < ? AND (? IS NULL OR kind = ?) ORDER BY seq DESC LIMIT ?`,
    ).all(
      before ?? Number.MAX_SAFE_INTEGER,
      kind ?? null,
      kind ?? null,
      Math.min(Math.max(1, limit), MAX_LIMIT),
    ) as unknown as ChainedRow[];
    return rows.map(fromStored);
  }

  #insert(row: ChainedRow, mac: Uint8Array): void {
    const { changes } = this.#parts.store.prepare(
      `INSERT INTO access_log (seq, at, clock_trusted, kind, access_point, outcome, reason, actor, via,
         credential_id, request_id, detail, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (request_id, kind) WHERE request_id IS NOT NULL AND kind IN ('release', 'release-failed')
         DO NOTHING`,
    ).run(
      row.seq,
      row.at,
      row.clock_trusted,
      row.kind,
      row.access_point,
      row.outcome,
      row.reason,
      row.actor,
      row.via,
      row.credential_id,
      row.request_id,
      row.detail,
      mac,
    );
    if (changes !== 1) throw new AlreadyLogged(`Request "${row.request_id}" has its row`);
  }

  #readHead(): Head {
    const row = this.#parts.store.prepare("SELECT seq, mac FROM access_log ORDER BY seq DESC LIMIT 1").get();
    const mac = row?.["mac"];
    return { seq: Number(row?.["seq"] ?? 0), mac: mac instanceof Uint8Array ? mac : BEGINNING };
  }
}
