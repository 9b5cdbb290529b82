import type { Actor, LogRow } from "../access/model.ts";
import type { Json } from "../json.ts";
import type { Member } from "./model.ts";

/** A row of the access log on a member or one of its devices. */
export function memberRow(
  kind: Extract<LogRow["kind"], `member-${string}` | `device-${string}`>,
  { id, name, role }: Member,
  actor: Actor,
  facts: Record<string, Json> = {},
) {
  const detail = { member: id, memberName: name, role, ...facts };
  return { kind, outcome: kind.slice(kind.indexOf("-") + 1), actor, via: viaOf(actor), detail } as const;
}

function viaOf({ kind }: Actor): LogRow["via"] {
  return kind === "person" || kind === "monitor" ? "app" : kind === "service" ? "api" : "system";
}

/** As it would be after a trip through JSON: without what is undefined. */
export function plain(value: object): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
}
