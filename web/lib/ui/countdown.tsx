import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** What is left of `ms` from when this is first drawn, ms; drawn again several times a second. */
export function useTimeLeft(ms: number, everyMs = 250): number {
  const [due] = useState(() => performance.now() + ms);
  const [left, setLeft] = useState(ms);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, due - performance.now())), everyMs);
    return () => clearInterval(timer);
  }, [due, everyMs]);
  return left;
}

export interface CountDownProps {
  ms: number;
  /** What stands in its middle. */
  children: ComponentChildren;
}

/** A ring that empties, with the seconds that are left. */
export function CountDown({ ms, children }: CountDownProps): JSX.Element {
  const left = useTimeLeft(ms);
  const seconds = Math.ceil(left / 1_000);
  return (
    <div class="countdown" role="timer" aria-label={`${seconds} seconds left`}>
      <svg viewBox="0 0 160 160" aria-hidden="true">
        <circle class="countdown-track" cx="80" cy="80" r="72" />
        <circle
          class="countdown-left"
          cx="80"
          cy="80"
          r="72"
          pathLength="1"
          style={{ "--gone": String(1 - left / ms) }}
        />
      </svg>
      <span class="countdown-card">{children}</span>
      <span class="countdown-seconds" aria-hidden="true">{seconds} s</span>
    </div>
  );
}
