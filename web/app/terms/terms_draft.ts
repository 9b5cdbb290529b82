import type { Terms, Validity, WeekWindow } from "../../../core/access/model.ts";
import { fromLocalInput, toLocalInput } from "../../lib/words/times.ts";

/** What the form for the terms of a card, a code or a guest holds: every kind of validity keeps what was typed while another one is looked at. */
export interface TermsDraft {
  kind: Validity["kind"];
  /** As `<input type="datetime-local">` has them. */
  from: string;
  until: string;
  zone: string;
  windows: WeekWindow[];
  limited: boolean;
  uses: string;
  accessPoints: string[];
  suspended: boolean;
}

const HOUR = 3_600_000;

/** Always, unless another kind is chosen: then from this hour for a day. */
export function newDraft(accessPoints: string[], now: number): TermsDraft {
  return {
    kind: "always",
    from: toLocalInput(Math.floor(now / HOUR) * HOUR),
    until: toLocalInput(Math.floor(now / HOUR) * HOUR + 24 * HOUR),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }],
    limited: false,
    uses: "10",
    accessPoints,
    suspended: false,
  };
}

/** Terms as a draft; what they say nothing of is as in `fresh`. */
export function draftOf(
  { validity, accessPoints, usesLeft, suspended }: Terms,
  fresh: TermsDraft,
): TermsDraft {
  const draft = { ...fresh, accessPoints, kind: validity.kind, suspended };
  if (usesLeft !== null) Object.assign(draft, { limited: true, uses: String(usesLeft) });
  if (validity.kind === "period") {
    draft.from = toLocalInput(Date.parse(validity.from));
    draft.until = toLocalInput(Date.parse(validity.until));
  }
  if (validity.kind === "weekly") Object.assign(draft, { zone: validity.zone, windows: validity.windows });
  return draft;
}

/** The draft's validity; a schedule keeps the beginning and the end it had, for which the form has no field. */
export function validityOf(draft: TermsDraft, before?: Validity): Validity {
  switch (draft.kind) {
    case "always":
      return { kind: "always" };
    case "period":
      return { kind: "period", from: fromLocalInput(draft.from), until: fromLocalInput(draft.until) };
    case "weekly": {
      const { from, until } = before?.kind === "weekly" ? before : {};
      return {
        kind: "weekly",
        zone: draft.zone,
        windows: draft.windows,
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
      };
    }
  }
}

export function termsOf(draft: TermsDraft, before?: Validity): Terms {
  return {
    validity: validityOf(draft, before),
    accessPoints: draft.accessPoints,
    usesLeft: draft.limited ? Number(draft.uses) : null,
    suspended: draft.suspended,
  };
}

/** The first thing that is wrong with it, as a sentence; the panel checks all of it again. */
export function faultOf(draft: TermsDraft): string | undefined {
  const { kind, from, until, windows, limited, uses, accessPoints } = draft;
  if (kind === "period") {
    if (fromLocalInput(from) === "" || fromLocalInput(until) === "") {
      return "Say from when until when it opens.";
    }
    if (Date.parse(from) >= Date.parse(until)) return "The end has to come after the beginning.";
  }
  const fault = kind === "weekly" ? weekFault(windows) : undefined;
  if (fault !== undefined) return fault;
  if (limited && !/^\d{1,7}$/.test(uses)) return "The number of uses is a whole number from 0 to 1,000,000.";
  if (limited && Number(uses) > 1_000_000) return "At most 1,000,000 uses can be counted.";
  if (accessPoints.length === 0) return "Choose at least one thing that it opens.";
  return undefined;
}

/** The first thing that is wrong with times of a week. */
export function weekFault(windows: readonly WeekWindow[]): string | undefined {
  if (windows.length === 0) return "Add at least one time of the week.";
  if (windows.some(({ days }) => days.length === 0)) return "Choose at least one day for each time.";
  if (windows.some((window) => window.from === "" || window.to === "")) {
    return "Give each time its beginning and its end.";
  }
  return undefined;
}
