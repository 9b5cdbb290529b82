/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

const KEPT = "hearing";

/** How loud the panel is heard on this device; kept for the next time. */
export function Hearing({ video }: { video: { readonly current: HTMLVideoElement | null } }): JSX.Element {
  const id = useId();
  const [percent, setPercent] = useState(keptPercent);
  useEffect(() => {
    if (video.current) video.current.volume = percent / 100;
    localStorage.setItem(KEPT, String(percent));
  }, [percent]);
  return (
    <div class="bright sight-hearing">
      <label for={id}>Volume here</label>
      <input
        id={id}
        class="slider"
        type="range"
        min="5"
        max="100"
        step="5"
        value={percent}
        aria-valuetext={`${percent} percent`}
        onInput={(event) => setPercent(event.currentTarget.valueAsNumber)}
      />
      <output for={id}>{percent} %</output>
    </div>
  );
}

function keptPercent(): number {
  const kept = Number(localStorage.getItem(KEPT));
  return kept >= 5 && kept <= 100 ? kept : 100;
}
