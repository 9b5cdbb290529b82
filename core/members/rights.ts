import type { Reason } from "../access/model.ts";
import { checkValidity } from "../access/validity.ts";
import type { Member } from "./model.ts";

/** What a decision looks at of a member. */
export type MemberRights = Pick<Member, "role" | "until" | "terms" | "scopes">;

/**
 * Whether the member has access at all at `at` (wall time, ms). Who is limited in time waits until the clock can be
 * trusted, as limited cards do.
 */
export function checkAccess(
  { role, until }: Pick<MemberRights, "role" | "until">,
  at: number,
  trusted: boolean,
): Reason {
  if (role === "owner" || until === null) return "granted";
  if (!trusted) return "clock-untrusted";
  return at < Date.parse(until) ? "granted" : "expired";
}

/** Whether the member may release the access point at `at`; a monitor while it shows the visitor (`watching`). */
export function checkRelease(
  member: MemberRights,
  accessPoint: string,
  at: number,
  trusted: boolean,
  watching: boolean,
): Reason {
  const access = checkAccess(member, at, trusted);
  if (access !== "granted") return access;
  switch (member.role) {
    case "owner":
    case "family":
      return "granted";
    case "guest":
      if (!member.terms?.accessPoints.includes(accessPoint)) return "no-right";
      return checkValidity(member.terms, at, trusted);
    case "service":
      return mayRelease(member.scopes, accessPoint) ? "granted" : "not-allowed";
    case "monitor":
      return watching ? "granted" : "not-watching";
  }
}

export function mayRelease(scopes: readonly string[], accessPoint: string): boolean {
  return scopes.some((scope) => scope === "release" || scope === `release:${accessPoint}`);
}
