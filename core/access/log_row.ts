import type { Json } from "../json.ts";
import type { ChainedRow } from "./chain.ts";
import type { LogEntry } from "./keys.ts";
import type { Actor, LogRow } from "./model.ts";

export interface Moment {
  seq: number;
  /** Wall time, ms. */
  at: number;
  clockTrusted: boolean;
}

export function rowOf(entry: LogEntry, { seq, at, clockTrusted }: Moment): LogRow {
  return {
    seq,
    at,
    clockTrusted,
    kind: entry.kind,
    accessPoint: entry.accessPoint ?? null,
    outcome: entry.outcome,
    reason: entry.reason ?? null,
    actor: entry.actor,
    via: entry.via,
    credentialId: entry.credentialId ?? null,
    requestId: entry.requestId ?? null,
    detail: entry.detail ?? {},
  };
}

export function toStored(row: LogRow): ChainedRow {
  return {
    seq: row.seq,
    at: row.at,
    clock_trusted: row.clockTrusted ? 1 : 0,
    kind: row.kind,
    access_point: row.accessPoint,
    outcome: row.outcome,
    reason: row.reason,
    actor: JSON.stringify(row.actor),
    via: row.via,
    credential_id: row.credentialId,
    request_id: row.requestId,
    detail: JSON.stringify(row.detail),
  };
}

/** A row as the database gives it. */
export function fromStored(stored: ChainedRow): LogRow {
  return {
    seq: stored.seq,
    at: stored.at,
    clockTrusted: stored.clock_trusted === 1,
    kind: stored.kind as LogRow["kind"],
    accessPoint: stored.access_point,
    outcome: stored.outcome,
    reason: stored.reason,
    actor: JSON.parse(stored.actor) as Actor,
    via: stored.via,
    credentialId: stored.credential_id,
    requestId: stored.request_id,
    detail: JSON.parse(stored.detail) as Record<string, Json>,
  };
}
