import { accessLogged, type AccessService, type Context, type Json, type LogRow } from "../../core/mod.ts";
import type { Journal } from "./journal.ts";
import type { Retained } from "./retained.ts";
import type { Topics } from "./topics.ts";

export interface AccessEventParts {
  ctx: Pick<Context, "on">;
  access: Pick<AccessService, "log">;
  journal: Journal;
  retained: Retained;
  topics: Topics;
  /** Whether the names of badge holders are told. */
  holders: boolean;
  /** How far back is looked for what was not told. */
  limit: number;
}

const PAGE = 500;

/**
 * Tells what the access log says of doors and alarms. The log is durable before anyone hears of a row, so that after a
 * crash it knows what the journal lost; a row's number makes its event's id, by which one that comes twice is known.
 */
export async function tellAccess(parts: AccessEventParts): Promise<void> {
  const { ctx, access, journal } = parts;
  /** Rows that come while the log is read; undefined once it has been. */
  let meanwhile: LogRow[] | undefined = [];
  ctx.on(accessLogged, (row) => void (meanwhile ? meanwhile.push(row) : tell(parts, row)));
  const [newest] = await access.log({ limit: 1 });
  const cursor = journal.cursor;
  // At the very first start, and on a log that is older than what was told, there is nothing to make up for.
  if (cursor === null || cursor > (newest?.seq ?? 0)) journal.pass(newest?.seq ?? 0);
  else for (const row of await rowsSince(access, cursor, parts.limit)) tell(parts, row);
  await tellLastBadge(parts);
  const waiting = meanwhile;
  meanwhile = undefined;
  for (const row of waiting) tell(parts, row);
}

/** Oldest first. */
async function rowsSince(
  access: AccessEventParts["access"],
  cursor: number,
  limit: number,
): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  let before: number | undefined;
  while (rows.length < limit) {
    const page = await access.log({ limit: PAGE, before });
    const fresh = page.filter(({ seq }) => seq > cursor);
    rows.push(...fresh);
    before = page.at(-1)?.seq;
    if (fresh.length < PAGE) break;
  }
  return rows.reverse();
}

function tell({ journal, topics, retained, holders }: AccessEventParts, row: LogRow): void {
  if (row.seq <= (journal.cursor ?? 0)) return;
  const { seq, at, kind } = row;
  const event = kind === "alarm" ? alarmOf(row) : accessOf(row, holders);
  if (event) {
    const topic = topics.log(kind === "alarm" ? "alarms" : "access");
    journal.add({ topic, at, body: { ...event, id: `access-${seq}` } });
  }
  journal.pass(seq);
  if (holders && isBadge(row)) retained.set(topics.panel("badge"), badgeOf(row));
}

function accessOf(row: LogRow, holders: boolean): { [key: string]: Json } | undefined {
  const { kind, outcome, reason, accessPoint, via, actor, detail } = row;
  if (kind === "hold-open") {
    return { event_type: outcome, access_point: accessPoint, via, why: detail["why"] ?? null };
  }
  if (kind !== "release" && kind !== "release-failed") return undefined;
  return {
    event_type: kind === "release" ? outcome : "failed",
    access_point: accessPoint,
    reason,
    via,
    by: actor.kind,
    ...(holders && actor.kind === "card" && actor.name !== undefined ? { holder: actor.name } : {}),
  };
}

function alarmOf({ outcome, accessPoint, detail }: LogRow): { [key: string]: Json } {
  return { event_type: outcome, alarm: detail["alarm"] ?? null, access_point: accessPoint };
}

function isBadge({ kind, outcome, actor }: LogRow): boolean {
  return kind === "release" && actor.kind === "card" && actor.name !== undefined && outcome !== "denied";
}

function badgeOf({ actor, accessPoint, at }: LogRow): string {
  return JSON.stringify({ holder: actor.name, access_point: accessPoint, at: new Date(at).toISOString() });
}

/** As it was before this start. */
async function tellLastBadge({ access, retained, topics, holders }: AccessEventParts): Promise<void> {
  if (!holders) return;
  const last = (await access.log({ kind: "release", limit: PAGE })).find(isBadge);
  retained.set(
    topics.panel("badge"),
    last ? badgeOf(last) : JSON.stringify({ holder: null, access_point: null, at: null }),
  );
}
