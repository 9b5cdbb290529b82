const DAY_MS = 24 * 60 * 60_000;

export interface Period {
  /** Ms of wall time. */
  from: number;
  until: number;
}

/** No panel with this program is older: a clock that shows less is wrong. To be raised with releases. */
export const BUILT = Date.UTC(2026, 10, 1);

/** Fixed, so that the root is good for every device whatever the panel's clock shows when it is made. */
export const ROOT_PERIOD: Period = { from: Date.UTC(2025, 0, 1), until: Date.UTC(2049, 11, 31, 23, 59, 59) };

/** A device whose clock is right takes a certificate though the panel's clock was so far ahead, or behind. */
const BACK_MS = 200 * DAY_MS;
const AHEAD_MS = 600 * DAY_MS;
/** A certificate that ends sooner is made anew. */
const RENEW_MS = 300 * DAY_MS;

/** The period of a certificate made at that time: 800 days in all, of 825 that Apple's devices take. */
export function periodAt(time: number): Period {
  return { from: time - BACK_MS, until: time + AHEAD_MS };
}

export interface Moment {
  /** What the panel's clock shows, ms. */
  now: number;
  /** Whether it is believed. */
  trusted: boolean;
}

/**
 * The best guess of the time, from a clock that may be wrong. One that is not believed does not carry it past the time
 * at which the present certificate was made; back it does: a panel that was first started with its clock years ahead
 * could else not be reached until somebody reaches it to confirm the clock.
 */
export function guess({ now, trusted }: Moment, present: Period | undefined): number {
  const made = present && present.from + BACK_MS;
  if (now < BUILT || now > ROOT_PERIOD.until - AHEAD_MS) return made ?? BUILT;
  if (trusted || made === undefined) return now;
  return Math.min(now, made);
}

export function isDue({ from, until }: Period, time: number): boolean {
  return time < from || time > until - RENEW_MS;
}
