/** Cancels what it was returned for; calling it again does nothing. */
export type Cancel = () => void;

/** All time the runtime sees. Injected, so that a story of a week runs in milliseconds. */
export interface Clock {
  /** Wall time in ms since 1970-01-01T00:00Z. May jump; may be wrong. */
  now(): number;
  /** Monotonic time in ms since some fixed point of this process. Never jumps. */
  monotonic(): number;
  /** Runs `action` once, `ms` milliseconds of monotonic time from now. */
  after(ms: number, action: () => void): Cancel;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** Runs `action` every `ms` milliseconds on `clock` until cancelled. */
export function repeat(clock: Clock, ms: number, action: () => void): Cancel {
  let cancel = clock.after(ms, tick);
  function tick() {
    cancel = clock.after(ms, tick);
    action();
  }
  return () => cancel();
}
