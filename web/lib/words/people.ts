import type { Role } from "../../../core/members/model.ts";
import type { Terms } from "../../../core/access/model.ts";
import { cardState, usesText, validityText } from "./terms.ts";
import { dayText, momentText, timeText } from "./times.ts";

/** A role's name and what it comes to, for whoever gives it. */
export const ROLES: readonly { role: Role; label: string; hint: string }[] = [
  {
    role: "family",
    label: "Family",
    hint: "Lives here: opens, answers, sees who came, makes codes for guests.",
  },
  {
    role: "guest",
    label: "Guest",
    hint: "Opens what you choose, when and as often as you choose. Sees nothing else.",
  },
  {
    role: "owner",
    label: "Owner",
    hint: "May do everything: invite others, and end anyone’s access, another owner’s too.",
  },
  { role: "monitor", label: "Monitor", hint: "A screen on the wall inside that rings and answers." },
  { role: "service", label: "Service", hint: "A program, such as home automation: only what you tick." },
];

export function roleText(role: Role): string {
  return ROLES.find((known) => known.role === role)?.label ?? role;
}

/** What a service may be allowed, without the access points, each of which is one more. */
export const SCOPES: readonly { scope: string; label: string }[] = [
  { scope: "status:read", label: "See how the panel is" },
  { scope: "events:read", label: "Hear what happens, as it happens" },
  { scope: "calls:read", label: "See who rang" },
  { scope: "calls:write", label: "Answer and end calls" },
  { scope: "log:read", label: "Read the access log" },
  { scope: "cards:read", label: "See the cards" },
  { scope: "camera:view", label: "See who is at the door" },
  { scope: "calls:talk", label: "Speak at the door" },
  { scope: "parts:write", label: "Switch the lights" },
];

export interface Limited {
  role: Role;
  until: string | null;
  terms: Terms | null;
  scopes: readonly string[];
}

/** How far somebody's access goes beyond the role, a fact each; nothing where only the role counts. */
export function limitsOf(
  { role, until, terms, scopes }: Limited,
  names: ReadonlyMap<string, string>,
): string[] {
  const facts: string[] = [];
  if (terms) {
    if (terms.suspended) facts.push("Suspended");
    facts.push(validityText(terms.validity));
    const uses = usesText(terms.usesLeft);
    if (uses !== undefined) facts.push(uses);
    facts.push(terms.accessPoints.map((id) => names.get(id) ?? id).join(" and "));
  }
  if (role === "service") facts.push(scopes.map((scope) => scopeText(scope, names)).join(" · "));
  if (until !== null) facts.push(`Until ${momentText(Date.parse(until))}`);
  return facts;
}

export function scopeText(scope: string, names: ReadonlyMap<string, string>): string {
  const [, point] = /^release:(.+)$/.exec(scope) ?? [];
  if (point !== undefined) return `Open ${names.get(point) ?? point}`;
  if (scope === "release") return "Open everything";
  return SCOPES.find((known) => known.scope === scope)?.label ?? scope;
}

/** A device that followed the events within this time is there, ms: a stream shows itself every 15 s. */
const HERE_MS = 45_000;

/** When a device was last here, as far as the panel can tell. */
export function seenText(lastSeenAt: number | null, now: number): string {
  if (lastSeenAt === null) return "Not here since the last restart";
  if (now - lastSeenAt < HERE_MS) return "Here now";
  const day = dayText(lastSeenAt, now);
  return `Last here ${day === "Today" || day === "Yesterday" ? day.toLowerCase() : day}, ${
    timeText(lastSeenAt)
  }`;
}

/** `9:05` */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export interface MemberState {
  tone: "good" | "waiting" | "bad" | "plain";
  /** Undefined where the role says it all. */
  word?: string;
}

/** Whether somebody's access is in force these days. */
export function memberState({ role, until, terms }: Limited, now: number): MemberState {
  if (until !== null && now >= Date.parse(until)) return { tone: "bad", word: "Expired" };
  const state = terms && cardState(terms, now);
  if (state && state.tone !== "good") return state;
  return { tone: role === "owner" ? "good" : "plain" };
}

/** What somebody with this role may do, said to them. */
export function seenRole(role: Role): string {
  switch (role) {
    case "owner":
      return "You may do everything here.";
    case "family":
      return "You may open, answer, see who came, and make codes for guests. Owners decide about people and cards.";
    case "guest":
      return "You may open what an owner chose for you.";
    case "monitor":
      return "It rings and answers. It opens nothing yet: it would have to show the visitor while it does.";
    case "service":
      return "It may do what an owner ticked.";
  }
}
