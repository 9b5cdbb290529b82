import type { Actor, Reason, Terms } from "./model.ts";
import { checkValidity } from "./validity.ts";

/** All that a decision sees. */
export interface Facts {
  actor: Actor;
  accessPoint: string;
  /** The access point's state; undefined where there is none of that name. */
  released: boolean | undefined;
  /** The card's terms; undefined where the actor is no card or one that is not known. */
  terms: Terms | undefined;
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

function rightOf({ actor, accessPoint, terms, at, clockTrusted }: Facts): Reason {
  switch (actor.kind) {
    case "card":
      if (!terms) return "unknown-credential";
      if (!terms.accessPoints.includes(accessPoint)) return "no-right";
      return checkValidity(terms, at, clockTrusted);
    case "person":
    case "input":
    case "schedule":
    case "system":
      return "granted";
    case "plugin":
    case "service":
      return actor.scopes.some((scope) => scope === "release" || scope === `release:${accessPoint}`)
        ? "granted"
        : "not-allowed";
    default:
      return "not-allowed";
  }
}

const SENTENCES: Record<Reason, (name: string) => string> = {
  "granted": (name) => `${name} is released`,
  "already-released": (name) => `${name} is released already`,
  "unknown-credential": () => "This card is not known here",
  "unknown-access-point": (name) => `There is no access point "${name}"`,
  "no-right": (name) => `This card may not open ${name}`,
  "suspended": () => "This card is suspended",
  "not-yet-valid": () => "This card is not valid yet",
  "expired": () => "This card is no longer valid",
  "outside-schedule": () => "This card is not valid at this time",
  "used-up": () => "This card has been used as often as it may",
  "clock-untrusted": () =>
    "The panel's clock can't be trusted, and this card is valid for a limited time only",
  "enrolling": () => "A card is being added: until then no card opens anything",
  "denied-by-plugin": (name) => `${name} can't be released now`,
  "not-allowed": (name) => `Who asks may not release ${name}`,
  "log-unavailable": () => "The access log can't be written, and nothing opens without it",
  "output-failed": (name) => `${name} was to be released, but its output did not answer`,
};

/** A sentence for a person. @param name what the access point is called */
export function sentence(reason: Reason, name: string): string {
  return SENTENCES[reason](name);
}
