import type { Terms, Validity, Weekday, WeekWindow } from "../../../core/access/model.ts";
import { momentText } from "./times.ts";

export const WEEKDAYS: readonly { id: Weekday; short: string; name: string }[] = [
  { id: "mon", short: "Mon", name: "Monday" },
  { id: "tue", short: "Tue", name: "Tuesday" },
  { id: "wed", short: "Wed", name: "Wednesday" },
  { id: "thu", short: "Thu", name: "Thursday" },
  { id: "fri", short: "Fri", name: "Friday" },
  { id: "sat", short: "Sat", name: "Saturday" },
  { id: "sun", short: "Sun", name: "Sunday" },
];

/** When a card opens, in words. Times of a period are those of the device that shows them. */
export function validityText(validity: Validity): string {
  switch (validity.kind) {
    case "always":
      return "Always";
    case "period":
      return `${momentText(Date.parse(validity.from))} to ${momentText(Date.parse(validity.until))}`;
    case "weekly": {
      const windows = validity.windows.map(windowText).join(", ");
      const from = validity.from ? `, from ${momentText(Date.parse(validity.from))}` : "";
      const until = validity.until ? `, until ${momentText(Date.parse(validity.until))}` : "";
      return `${windows} (${validity.zone.replaceAll("_", " ")})${from}${until}`;
    }
  }
}

/** `Mon–Fri 08:00–18:00`, `Sat 22:00–02:00 next day`, `Every day` */
export function windowText({ days, from, to }: WeekWindow): string {
  if (from === "00:00" && (to === "24:00" || to === "00:00")) return daysText(days);
  return `${daysText(days)} ${from}–${to}${from >= to ? " next day" : ""}`;
}

export function daysText(days: readonly Weekday[]): string {
  const runs: { first: string; last: string; length: number }[] = [];
  let open = false;
  for (const { id, short } of WEEKDAYS) {
    const run = runs.at(-1);
    if (!days.includes(id)) open = false;
    else if (open && run) Object.assign(run, { last: short, length: run.length + 1 });
    else {
      runs.push({ first: short, last: short, length: 1 });
      open = true;
    }
  }
  if (runs[0]?.length === 7) return "Every day";
  return runs.map(({ first, last, length }) =>
    length === 1 ? first : `${first}${length === 2 ? ", " : "–"}${last}`
  ).join(", ");
}

export function usesText(usesLeft: number | null): string | undefined {
  if (usesLeft === null) return undefined;
  if (usesLeft === 0) return "Used up";
  return usesLeft === 1 ? "1 use left" : `${usesLeft} uses left`;
}

export interface CardState {
  tone: "good" | "waiting" | "bad";
  word: string;
}

/** Whether a card opens at all these days. The schedule's windows are not looked at: that is the panel's to decide. */
export function cardState(terms: Terms, now: number): CardState {
  const { validity, usesLeft, suspended } = terms;
  if (suspended) return { tone: "bad", word: "Suspended" };
  if (usesLeft === 0) return { tone: "bad", word: "Used up" };
  if (validity.kind === "always") return { tone: "good", word: "Valid" };
  if (validity.until && now >= Date.parse(validity.until)) return { tone: "bad", word: "Expired" };
  if (validity.from && now < Date.parse(validity.from)) return { tone: "waiting", word: "Not valid yet" };
  return { tone: "good", word: "Valid" };
}
