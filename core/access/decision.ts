import { checkRelease, mayRelease, type MemberRights } from "../members/rights.ts";
import type { Actor, Reason, Terms } from "./model.ts";
import { checkValidity } from "./validity.ts";

/** All that a decision sees. */
export interface Facts {
  actor: Actor;
  accessPoint: string;
  /** The access point's state; undefined where there is none of that name. */
  released: boolean | undefined;
  /** The card's or code's terms; undefined where the actor is neither, or one that is not known. */
  terms: Terms | undefined;
  /** What the member has; undefined where the actor is none, or no longer. */
  member: MemberRights | undefined;
  /** Whether the asking device shows the visitor now, by proof. */
  watching: boolean;
  /** Why a contributor objects; undefined where nobody does. */
  objection: Reason | undefined;
  /** Wall time, ms. */
  at: number;
  clockTrusted: boolean;
}

/** Whether to open, and if not, why. What no line allows is denied. */
export function decide(facts: Facts): Reason {
  if (facts.released === undefined) return "unknown-access-point";
  const right = rightOf(facts);
  if (right !== "granted") return right;
  if (facts.objection !== undefined) return facts.objection;
  return facts.released ? "already-released" : "granted";
}

function rightOf({ actor, accessPoint, terms, member, watching, at, clockTrusted }: Facts): Reason {
  switch (actor.kind) {
    case "card":
    case "code":
      if (!terms) return "unknown-credential";
      if (!terms.accessPoints.includes(accessPoint)) return "no-right";
      return checkValidity(terms, at, clockTrusted);
    case "person":
    case "monitor":
    case "service":
      return member ? checkRelease(member, accessPoint, at, clockTrusted, watching) : "not-allowed";
    case "input":
    case "schedule":
    case "system":
      return "granted";
    case "plugin":
      return mayRelease(actor.scopes, accessPoint) ? "granted" : "not-allowed";
    default:
      return "not-allowed";
  }
}

const SENTENCES: Record<Reason, (name: string, who: string) => string> = {
  "granted": (name) => `${name} is released`,
  "already-released": (name) => `${name} is released already`,
  "unknown-credential": (_, who) => `${who} is not known here`,
  "unknown-access-point": (name) => `There is no access point "${name}"`,
  "no-right": (name, who) => `${who} may not open ${name}`,
  "suspended": (_, who) => `${who} is suspended`,
  "not-yet-valid": (_, who) => `${who} is not valid yet`,
  "expired": (_, who) => `${who} is no longer valid`,
  "outside-schedule": (_, who) => `${who} is not valid at this time`,
  "used-up": (_, who) => `${who} has been used as often as it may`,
  "clock-untrusted": (_, who) =>
    `The panel's clock can't be trusted, and ${lowerFirst(who)} is valid for a limited time only`,
  "enrolling": () => "A card is being added: until then no card opens anything",
  "denied-by-plugin": (name) => `${name} can't be released now`,
  "not-allowed": (name) => `Who asks may not release ${name}`,
  "not-watching": (name) => `A monitor releases ${name} only while it shows the visitor`,
  "log-unavailable": () => "The access log can't be written, and nothing opens without it",
  "output-failed": (name) => `${name} was to be released, but its output did not answer`,
};

/** A sentence for a person. @param name what the access point is called */
export function sentence(reason: Reason, name: string, kind: Actor["kind"]): string {
  return SENTENCES[reason](name, kind === "card" || kind === "code" ? `This ${kind}` : "This access");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
