import assert from "node:assert/strict";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { type Validity, type Weekday, weekdaySchema, type WeekWindow } from "./model.ts";
import { checkValidity } from "./validity.ts";

const HOUR = 60 * 60_000;
const MINUTE = 60_000;

const check = (validity: Validity, at: string | number, trusted = true) =>
  checkValidity(
    { validity, usesLeft: null, suspended: false },
    typeof at === "string" ? Date.parse(at) : at,
    trusted,
  );

const weekly = (zone: string, ...windows: WeekWindow[]): Validity => ({ kind: "weekly", zone, windows });
const daily = (from: string, to: string): WeekWindow => ({ days: [...weekdaySchema.options], from, to });

/** How many minutes of `hours` hours after `begin` are inside. */
function minutesInside(validity: Validity, begin: string, hours: number): number {
  let inside = 0;
  for (let minute = 0; minute < hours * 60; minute++) {
    if (check(validity, Date.parse(begin) + minute * MINUTE) === "granted") inside++;
  }
  return inside;
}

Deno.test("B-CARD-4: suspension and a used-up count come before everything else", () => {
  const always = { kind: "always" } as const;
  assert.equal(checkValidity({ validity: always, usesLeft: 5, suspended: true }, 0, true), "suspended");
  assert.equal(checkValidity({ validity: always, usesLeft: 0, suspended: false }, 0, true), "used-up");
  assert.equal(checkValidity({ validity: always, usesLeft: 1, suspended: false }, 0, true), "granted");
});

Deno.test("B-CARD-4: a period holds from its first moment up to, not including, its last", () => {
  const may: Validity = {
    kind: "period",
    from: "2026-05-01T00:00:00+02:00",
    until: "2026-06-01T00:00:00+02:00",
  };
  assert.equal(check(may, "2026-04-30T21:59:59.999Z"), "not-yet-valid");
  assert.equal(check(may, "2026-04-30T22:00:00Z"), "granted");
  assert.equal(check(may, "2026-05-31T21:59:59.999Z"), "granted");
  assert.equal(check(may, "2026-05-31T22:00:00Z"), "expired");
});

Deno.test("B-CARD-6: with an untrusted clock only what does not depend on time is granted", () => {
  const now = "2026-05-10T10:00:00Z";
  const period: Validity = { kind: "period", from: "2026-05-01T00:00:00Z", until: "2026-06-01T00:00:00Z" };
  assert.equal(check({ kind: "always" }, now, false), "granted");
  assert.equal(check(period, now, false), "clock-untrusted");
  assert.equal(check(weekly("UTC", daily("00:00", "24:00")), now, false), "clock-untrusted");
  for (const broken of [NaN, Infinity, -Infinity, 1e20]) {
    assert.equal(check({ kind: "always" }, broken), "granted");
    assert.equal(check(period, broken), "clock-untrusted");
    assert.equal(check(weekly("UTC", daily("00:00", "24:00")), broken), "clock-untrusted");
  }
});

Deno.test("a date or a zone that can't be read never grants", () => {
  const now = "2026-05-10T10:00:00Z";
  assert.equal(check({ kind: "period", from: "x", until: "2027-01-01T00:00:00Z" }, now), "not-yet-valid");
  assert.equal(check({ kind: "period", from: "2026-01-01T00:00:00Z", until: "x" }, now), "expired");
  assert.equal(check(weekly("Mars/Olympus", daily("00:00", "24:00")), now), "outside-schedule");
});

Deno.test("a weekly schedule may begin and end", () => {
  const term: Validity = {
    ...weekly("UTC", daily("08:00", "10:00")) as Validity & { kind: "weekly" },
    from: "2026-05-04T00:00:00Z",
    until: "2026-05-06T00:00:00Z",
  };
  assert.equal(check(term, "2026-05-03T09:00:00Z"), "not-yet-valid");
  assert.equal(check(term, "2026-05-04T09:00:00Z"), "granted");
  assert.equal(check(term, "2026-05-04T11:00:00Z"), "outside-schedule");
  assert.equal(check(term, "2026-05-06T09:00:00Z"), "expired");
});

Deno.test("I-9: the hour that daylight saving skips is no hour of a schedule", () => {
  const night = daily("02:00", "03:00");
  assert.equal(minutesInside(weekly("Europe/Rome", night), "2026-03-28T23:00:00Z", 23), 0);
  assert.equal(minutesInside(weekly("America/New_York", night), "2026-03-08T05:00:00Z", 23), 0);
  // Lord Howe goes forward by half an hour: 02:00 to 02:30 is skipped, the rest is there.
  assert.equal(minutesInside(weekly("Australia/Lord_Howe", night), "2026-10-03T13:30:00Z", 23), 30);
});

Deno.test("I-9: the hour that daylight saving repeats is inside both times", () => {
  assert.equal(
    minutesInside(weekly("Europe/Rome", daily("02:00", "03:00")), "2026-10-24T22:00:00Z", 25),
    120,
  );
  assert.equal(
    minutesInside(weekly("America/New_York", daily("01:00", "02:00")), "2026-11-01T04:00:00Z", 25),
    120,
  );
  // Back by half an hour at 02:00: 01:30 to 02:00 comes twice.
  assert.equal(
    minutesInside(weekly("Australia/Lord_Howe", daily("01:00", "02:00")), "2026-04-04T13:00:00Z", 24),
    90,
  );
});

Deno.test("I-9: office hours begin by the clock on the wall before and after a change", () => {
  for (
    const [zone, ...mornings] of [
      [
        "Europe/Rome",
        "2026-03-28T07:00:00Z",
        "2026-03-29T06:00:00Z",
        "2026-10-24T06:00:00Z",
        "2026-10-25T07:00:00Z",
      ],
      ["America/New_York", "2026-03-07T13:00:00Z", "2026-03-08T12:00:00Z", "2026-11-01T13:00:00Z"],
      ["Australia/Lord_Howe", "2026-10-02T21:30:00Z", "2026-10-03T21:00:00Z", "2026-04-04T21:30:00Z"],
    ] as const
  ) {
    const office = weekly(zone, daily("08:00", "09:00"));
    for (const eight of mornings) {
      assert.equal(check(office, Date.parse(eight) - 1), "outside-schedule", `${zone} before ${eight}`);
      assert.equal(check(office, eight), "granted", `${zone} ${eight}`);
      assert.equal(check(office, Date.parse(eight) + HOUR - 1), "granted", `${zone} ${eight}`);
      assert.equal(check(office, Date.parse(eight) + HOUR), "outside-schedule", `${zone} after ${eight}`);
    }
  }
});

const zone = fc.constantFrom(
  "Europe/Rome",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "America/Sao_Paulo",
  "Pacific/Chatham",
  "UTC",
);
const time = fc.integer({ min: 0, max: 1440 }).map((minute) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`
);
const window = fc.record({
  days: fc.uniqueArray(fc.constantFrom<Weekday>(...weekdaySchema.options), { minLength: 1 }),
  from: time.filter((t) => t !== "24:00"),
  to: time,
});
const EARLIEST = Date.UTC(2020, 0, 1);
const instant = fc.integer({ min: EARLIEST / MINUTE, max: Date.UTC(2035, 0, 1) / MINUTE }).map((m) =>
  m * MINUTE
);

/** The same question asked of another calendar: minutes since Monday 00:00 of the local week. */
function reference(zoneId: string, windows: WeekWindow[], at: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zoneId);
  const now = (local.dayOfWeek - 1) * 1440 + local.hour * 60 + local.minute;
  return windows.some(({ days, from, to }) =>
    days.some((day) => {
      const [begin, end] = [from, to].map((text) => {
        const [hour, minute] = text.split(":").map(Number);
        return hour! * 60 + minute!;
      });
      const start = weekdaySchema.options.indexOf(day) * 1440 + begin!;
      const length = end! > begin! ? end! - begin! : end! + 1440 - begin!;
      return (now - start + 7 * 1440) % (7 * 1440) < length;
    })
  );
}

Deno.test("I-9: schedules agree with another calendar at any time, most of all near a change of offset", () => {
  fc.assert(
    fc.property(
      zone,
      fc.array(window, { minLength: 1, maxLength: 3 }),
      instant,
      fc.integer({ min: -240, max: 240 }),
      (
        zoneId,
        windows,
        base,
        offset,
      ) => {
        const change = Temporal.Instant.fromEpochMilliseconds(base).toZonedDateTimeISO(zoneId)
          .getTimeZoneTransition("next");
        const near = change ? change.epochMilliseconds + offset * MINUTE : base;
        for (const at of [base, near]) {
          const expected = reference(zoneId, windows, at) ? "granted" : "outside-schedule";
          assert.equal(check(weekly(zoneId, ...windows), at), expected);
        }
      },
    ),
    { numRuns: 1500 },
  );
});
