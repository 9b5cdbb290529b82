import fc from "fast-check";
import type { Terms, Validity } from "../../core/access/model.ts";
import { ZONES } from "./oracle.ts";

const HOUR = 3_600_000;
/** As JSON makes them. */
const PLAIN = { noNullPrototype: true };

/** When runs begin: on an afternoon, and shortly before the clocks on the wall change to and from summer time. */
export const STARTS = [
  Date.parse("2026-06-01T12:00:00Z"),
  Date.parse("2026-03-29T00:50:00Z"),
  Date.parse("2026-10-25T00:50:00Z"),
];

/** Hours from the run's start. */
const edgeOfPeriod = fc.constantFrom(-9_000, -30, -1, 0, 0.2, 1, 3, 26, 2_400, 90_000);

const period: fc.Arbitrary<Validity> = fc.tuple(fc.constantFrom(...STARTS), edgeOfPeriod, edgeOfPeriod)
  .filter(([, from, until]) => from < until)
  .map(([start, from, until]) => ({
    kind: "period",
    from: instant(start, from),
    until: instant(start, until),
  }));

const time = fc.constantFrom("00:00", "01:30", "02:00", "02:30", "14:00", "14:10", "23:00");
const window = fc.record({
  days: fc.subarray(["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const, { minLength: 1 }),
  from: time,
  to: fc.oneof(time, fc.constant("24:00")),
}, PLAIN);
const weekly: fc.Arbitrary<Validity> = fc.record({
  kind: fc.constant("weekly" as const),
  zone: fc.constantFrom(...ZONES),
  windows: fc.array(window, { minLength: 1, maxLength: 2 }),
}, PLAIN);

const validity: fc.Arbitrary<Validity> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Validity>({ kind: "always" }) },
  { weight: 2, arbitrary: period },
  { weight: 2, arbitrary: weekly },
);

const accessPoints = fc.constantFrom<string[][]>(["lock"], ["gate"], ["lock", "gate"], ["lock", "gate"]);
const usesLeft = fc.constantFrom<(number | null)[]>(null, null, null, null, null, 0, 1, 3);

export const terms: fc.Arbitrary<Terms> = fc.record({
  validity,
  accessPoints,
  usesLeft,
  suspended: fc.nat(7).map((n) => n === 0),
}, PLAIN);

export type CardChange = Partial<Terms> & { holderName?: string };

/** A change of one thing. */
export const change: fc.Arbitrary<CardChange> = fc.oneof(
  fc.record({ suspended: fc.boolean() }, PLAIN),
  fc.record({ accessPoints }, PLAIN),
  fc.record({ usesLeft }, PLAIN),
  fc.record({ validity }, PLAIN),
  fc.record({ holderName: fc.constantFrom("Anna", "Zoë 北", "O'Neill") }, PLAIN),
);

/** Takes a right away from a card that has both. */
export const oneRight: fc.Arbitrary<CardChange> = fc.constantFrom("lock", "gate").map((id) => ({
  accessPoints: [id],
}));

function instant(start: number, hours: number): string {
  return new Date(start + hours * HOUR).toISOString();
}
