import assert from "node:assert/strict";
import { inWeek, type WeekSchedule, weekScheduleSchema } from "./week.ts";

const at = (text: string) => Date.parse(text);
const week = (from: string, to: string, days: WeekSchedule["windows"][number]["days"]): WeekSchedule => ({
  zone: "Europe/Rome",
  windows: [{ days, from, to }],
});

Deno.test("B-CARD-4: a window holds from its first minute up to, not including, its last", () => {
  const office = week("08:00", "18:00", ["mon"]);
  // 2026-06-01 is a Monday; Rome is two hours ahead.
  assert.equal(inWeek(office, at("2026-06-01T05:59:59Z")), false);
  assert.equal(inWeek(office, at("2026-06-01T06:00:00Z")), true);
  assert.equal(inWeek(office, at("2026-06-01T15:59:59Z")), true);
  assert.equal(inWeek(office, at("2026-06-01T16:00:00Z")), false);
  assert.equal(inWeek(office, at("2026-06-02T08:00:00Z")), false);
});

Deno.test("B-CARD-4: a window over midnight belongs to the day on which it begins", () => {
  const night = week("22:00", "06:00", ["sun"]);
  assert.equal(inWeek(night, at("2026-06-07T20:00:00Z")), true);
  assert.equal(inWeek(night, at("2026-06-08T03:59:00Z")), true);
  assert.equal(inWeek(night, at("2026-06-08T04:00:00Z")), false);
  assert.equal(inWeek(night, at("2026-06-08T21:00:00Z")), false);
  assert.equal(inWeek(night, at("2026-06-07T03:00:00Z")), false);
});

Deno.test("B-CARD-4: the whole day, as 00:00 to 24:00 and as a time to itself", () => {
  for (const day of [week("00:00", "24:00", ["wed"]), week("00:00", "00:00", ["wed"])]) {
    assert.equal(inWeek(day, at("2026-06-02T22:00:00Z")), true);
    assert.equal(inWeek(day, at("2026-06-03T21:59:59Z")), true);
    assert.equal(inWeek(day, at("2026-06-03T22:00:00Z")), false);
  }
});

Deno.test("B-CARD-4: daylight saving moves a window with the clocks on the wall", () => {
  const office = week("08:00", "09:00", ["sat", "sun", "mon"]);
  assert.equal(inWeek(office, at("2026-03-28T07:30:00Z")), true, "the day before: one hour ahead");
  assert.equal(inWeek(office, at("2026-03-29T06:30:00Z")), true, "the day of the change: two hours ahead");
  assert.equal(inWeek(office, at("2026-10-25T07:30:00Z")), true, "back to one hour");
  assert.equal(inWeek(office, at("2026-10-25T06:30:00Z")), false);
});

Deno.test("B-CARD-4: an hour that comes twice is in the window twice, one that is left out never", () => {
  const early = week("02:00", "03:00", ["sun"]);
  assert.equal(inWeek(early, at("2026-10-25T00:30:00Z")), true);
  assert.equal(inWeek(early, at("2026-10-25T01:30:00Z")), true);
  for (let minute = 0; minute < 24 * 60; minute++) {
    assert.equal(inWeek(early, at("2026-03-28T23:00:00Z") + minute * 60_000), false);
  }
});

Deno.test("B-CARD-4: an unknown zone, an unknown day and a time that is none are refused", () => {
  const good = week("08:00", "18:00", ["mon"]);
  assert.ok(weekScheduleSchema.safeParse(good).success);
  const [window] = good.windows;
  for (
    const wrong of [
      { ...good, zone: "Europe/Atlantis" },
      { ...good, zone: "+02:00" },
      { ...good, windows: [] },
      { ...good, windows: [{ ...window, days: ["mo"] }] },
      { ...good, windows: [{ ...window, from: "8:00" }] },
      { ...good, windows: [{ ...window, to: "24:01" }] },
    ]
  ) {
    assert.equal(weekScheduleSchema.safeParse(wrong).success, false, JSON.stringify(wrong));
  }
});
