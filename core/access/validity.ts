import type { Reason, Terms, Validity } from "./model.ts";
import { inWeek } from "./week.ts";

const LAST_INSTANT = 8.64e15;

/**
 * Whether a credential with these terms may be used at `at`, whatever it wants to open.
 * @param at wall time, ms
 * @param trusted whether `at` can be believed; what does not depend on time is decided all the same
 */
export function checkValidity(
  terms: Pick<Terms, "validity" | "usesLeft" | "suspended">,
  at: number,
  trusted: boolean,
): Reason {
  const { validity } = terms;
  if (terms.suspended) return "suspended";
  if (terms.usesLeft !== null && terms.usesLeft <= 0) return "used-up";
  if (validity.kind === "always") return "granted";
  if (!trusted || !(Math.abs(at) <= LAST_INSTANT)) return "clock-untrusted";
  // Written so that a date which can't be read never grants.
  if (validity.from !== undefined && !(at >= Date.parse(validity.from))) return "not-yet-valid";
  if (validity.until !== undefined && !(at < Date.parse(validity.until))) return "expired";
  if (validity.kind === "period") return "granted";
  return inSchedule(validity, at) ? "granted" : "outside-schedule";
}

function inSchedule({ zone, windows }: Validity & { kind: "weekly" }, at: number): boolean {
  try {
    return inWeek({ zone, windows }, at);
  } catch {
    // An update of the machine may have dropped a zone that was known when the card was added.
    return false;
  }
}
