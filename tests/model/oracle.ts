import type { Terms, Validity, WeekWindow } from "../../core/access/model.ts";

/**
 * Whether a card may be used, told a second time and in another way than by the product: wrong here and wrong there
 * would have to be wrong alike.
 */
export function mayOpen(terms: Terms, accessPoint: string, at: number, trusted: boolean): boolean {
  if (!terms.accessPoints.includes(accessPoint)) return false;
  if (terms.suspended || terms.usesLeft === 0) return false;
  return terms.validity.kind === "always" || (trusted && isValid(terms.validity, at));
}

function isValid(validity: Exclude<Validity, { kind: "always" }>, at: number): boolean {
  if (validity.from !== undefined && at < new Date(validity.from).getTime()) return false;
  if (validity.until !== undefined && at >= new Date(validity.until).getTime()) return false;
  return validity.kind === "period" || isInWeek(validity.zone, validity.windows, at);
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const MINUTE = 60_000;
const DAY = 1440;

/** By minutes of a week that begins on Sunday; a window over midnight runs on into the day after. */
function isInWeek(zone: string, windows: readonly WeekWindow[], at: number): boolean {
  const shown = new Date(at + offsetOf(zone, at));
  const minute = shown.getUTCDay() * DAY + shown.getUTCHours() * 60 + shown.getUTCMinutes();
  return windows.some(({ days, from, to }) =>
    days.some((day) => {
      const start = DAYS.indexOf(day) * DAY + minutesOf(from);
      const length = (minutesOf(to) - minutesOf(from) + DAY) % DAY || DAY;
      const since = (minute - start + 7 * DAY) % (7 * DAY);
      return since < length;
    })
  );
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return hours! * 60 + minutes!;
}

/** The zones of the model test. Central European time by the rule of the European Union, in force since 1996. */
export const ZONES = ["Europe/Rome", "UTC"] as const;

function offsetOf(zone: string, at: number): number {
  if (zone === "UTC") return 0;
  const year = new Date(at).getUTCFullYear();
  const summer = at >= lastSunday(year, 2) && at < lastSunday(year, 9);
  return (summer ? 120 : 60) * MINUTE;
}

/** 01:00 UTC on the last Sunday of a month of 31 days. */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 31, 1));
  return last.getTime() - last.getUTCDay() * DAY * MINUTE;
}
