import { z } from "zod";
import { weekdaySchema, type WeekWindow, weekWindowSchema, zoneSchema } from "./model.ts";

/** Times of the week in a place. */
export const weekScheduleSchema = z.strictObject({
  zone: zoneSchema.describe("IANA time zone whose clocks count, such as Europe/Rome"),
  windows: z.array(weekWindowSchema).min(1).max(32).describe(
    'Parts of the week, such as {"days":["mon","fri"],"from":"08:30","to":"17:00"}; over midnight where `to` is earlier',
  ),
});
/** Times of the week in a place. */
export type WeekSchedule = z.output<typeof weekScheduleSchema>;

const DAYS = weekdaySchema.options;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether `at` (wall time, ms) falls into one of the windows, by what clocks in that place show: daylight saving included. */
export function inWeek({ zone, windows }: WeekSchedule, at: number): boolean {
  const { day, minute } = localTime(zone, at);
  return windows.some((window) => covers(window, day, minute));
}

function covers({ days, from, to }: WeekWindow, day: number, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const on = (index: number) => days.includes(DAYS[(index + 7) % 7]!);
  if (end > begin) return on(day) && minute >= begin && minute < end;
  return (on(day) && minute >= begin) || (on(day - 1) && minute < end);
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function localTime(zone: string, at: number): { day: number; minute: number } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
  const day = DAYS.findIndex((name) => name === parts.weekday?.toLowerCase());
  return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}
