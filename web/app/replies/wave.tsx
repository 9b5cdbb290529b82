import type { JSX } from "preact";

export interface WaveProps {
  /** 0 to 1 each; where there are fewer than `WAVE_BARS`, silence goes before. */
  levels: readonly number[];
  /** How much of it was heard, 0 to 1. */
  done?: number;
}

export const WAVE_BARS = 48;

/** How loud a sound is, as bars. Decoration: what it says is said in words beside it. */
export function Wave({ levels, done = 0 }: WaveProps): JSX.Element {
  const last = levels.slice(-WAVE_BARS);
  const bars = [...Array<number>(WAVE_BARS - last.length).fill(0), ...last];
  return (
    <div class="wave" aria-hidden="true">
      {bars.map((level, index) => (
        <span
          key={index}
          class={index < done * WAVE_BARS ? "is-done" : ""}
          style={{ height: `${Math.round(level * 100)}%` }}
        />
      ))}
    </div>
  );
}
