import type { NewMember, Role } from "../../../core/members/model.ts";
import { fromLocalInput } from "../../lib/words/times.ts";
import { faultOf, newDraft, type TermsDraft, termsOf } from "../terms/terms_draft.ts";

/** What the form for a new member holds; what a role does not need is kept while another role is looked at. */
export interface InviteDraft {
  name: string;
  role: Role;
  ends: boolean;
  /** As `<input type="datetime-local">` has it. */
  until: string;
  terms: TermsDraft;
  scopes: string[];
}

/** @param accessPoints all there are, the door first: a guest gets the first unless more are ticked */
export function newInvite(accessPoints: readonly string[], now: number): InviteDraft {
  const terms = newDraft(accessPoints.slice(0, 1), now);
  return {
    name: "",
    role: "family",
    ends: false,
    until: terms.until,
    terms: { ...terms, kind: "period" },
    scopes: ["status:read"],
  };
}

/** Whether the role has terms or scopes to set. */
export function hasLimits(role: Role): boolean {
  return role === "guest" || role === "service";
}

export function memberOf({ name, role, ends, until, terms, scopes }: InviteDraft): NewMember {
  return {
    name: name.trim(),
    role,
    until: ends && role !== "owner" && role !== "guest" ? fromLocalInput(until) : null,
    terms: role === "guest" ? termsOf(terms) : null,
    scopes: role === "service" ? scopes : [],
  };
}

/** What is wrong with name and end, as a sentence; the panel checks all of it again. */
export function identityFault({ name, role, ends, until }: InviteDraft): string | undefined {
  if (name.trim() === "") return "Give a name, so that the log can say who opened.";
  if (ends && role !== "owner" && role !== "guest" && fromLocalInput(until) === "") {
    return "Say until when the access lasts.";
  }
  return undefined;
}

/** What is wrong with what the role is limited by. */
export function limitsFault({ role, terms, scopes }: InviteDraft): string | undefined {
  if (role === "guest") return faultOf(terms);
  if (role === "service" && scopes.length === 0) return "Tick at least one thing that the program may do.";
  return undefined;
}
