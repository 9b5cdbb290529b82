import type { Role } from "../members/model.ts";

/**
 * Who may call a route. Without a credential: `public` always, `anyone` once the panel has an owner. The others name
 * roles; a service gets in where the route names a scope and the service has it.
 */
export type AccessLevel = "public" | "anyone" | "owner" | "residents" | "household" | "members";

const ROLES: Record<Exclude<AccessLevel, "public" | "anyone">, readonly Role[]> = {
  owner: ["owner"],
  residents: ["owner", "family"],
  household: ["owner", "family", "monitor"],
  members: ["owner", "family", "monitor", "guest"],
};

export function isOpen(level: AccessLevel): level is "public" | "anyone" {
  return level === "public" || level === "anyone";
}

/** The roles that a level admits, services aside. */
export function rolesOf(level: AccessLevel): readonly Role[] {
  return isOpen(level) ? [] : ROLES[level];
}

/** Whether a service with these scopes has the one that is asked for; `release` covers each access point. */
export function hasScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => scope === wanted || wanted.startsWith(`${scope}:`));
}
