import type { Actor } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import type { Call } from "./keys.ts";

/** A row of table `calls`. */
interface CallRow {
  id: string;
  source: string;
  state: Call["state"];
  outcome: Call["outcome"];
  started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  answered_by: string | null;
  released: string;
}

/** The call log on disk. Whatever returns is durable. */
export class CallLog {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(call: Call): void {
    this.#store.prepare(
      `INSERT INTO calls (id, source, state, outcome, started_at, released) VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(call.id, call.source, call.state, call.outcome, call.startedAt, JSON.stringify(call.released));
  }

  update(call: Call): void {
    this.#store.prepare(
      `UPDATE calls SET state = ?, outcome = ?, answered_at = ?, ended_at = ?, answered_by = ?, released = ? WHERE id = ?`,
    ).run(
      call.state,
      call.outcome,
      call.answeredAt,
      call.endedAt,
      call.answeredBy && JSON.stringify(call.answeredBy),
      JSON.stringify(call.released),
      call.id,
    );
  }

  get(id: string): Call | undefined {
    const row = this.#store.prepare("SELECT * FROM calls WHERE id = ?").get(id);
    return row && callOf(row as unknown as CallRow);
  }

  /** Calls that an earlier run left open. */
  open(): Call[] {
    const rows = this.#store.prepare("SELECT * FROM calls WHERE state <> 'ended' ORDER BY seq").all();
    return (rows as unknown as CallRow[]).map(callOf);
  }

  /** @throws {LatchkeyError} `call-unknown` */
  list(before: string | undefined, limit: number): Call[] {
    const rows = this.#store.prepare("SELECT * FROM calls WHERE seq < ? ORDER BY seq DESC LIMIT ?")
      .all(before === undefined ? Number.MAX_SAFE_INTEGER : this.#seqOf(before), limit);
    return (rows as unknown as CallRow[]).map(callOf);
  }

  #seqOf(id: string): number {
    const row = this.#store.prepare("SELECT seq FROM calls WHERE id = ?").get(id);
    if (!row) throw unknownCall(id);
    return Number(row["seq"]);
  }
}

export function unknownCall(id: string): LatchkeyError {
  return new LatchkeyError("call-unknown", `There is no call "${id.slice(0, 60)}"`, { status: 404 });
}

function callOf(row: CallRow): Call {
  return {
    id: row.id,
    source: row.source,
    state: row.state,
    outcome: row.outcome,
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    answeredBy: row.answered_by === null ? null : JSON.parse(row.answered_by) as Actor,
    released: JSON.parse(row.released) as string[],
  };
}
