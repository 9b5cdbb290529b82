/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Slider } from "../../lib/ui/slider.tsx";

const KEPT = "hearing";
const LEAST = 5;

/** How loud the panel is heard on this device; kept for the next time. */
export function Hearing({ video }: { video: { readonly current: HTMLVideoElement | null } }): JSX.Element {
  const [percent, setPercent] = useState(keptPercent);
  useEffect(() => {
    if (video.current) video.current.volume = percent / 100;
    localStorage.setItem(KEPT, String(percent));
  }, [percent]);
  return (
    <div class="sight-hearing">
      <Slider label="Volume here" value={percent} least={LEAST} step={5} onDraw={setPercent} />
    </div>
  );
}

/** How loud the panel was heard last. */
export function keptPercent(): number {
  const kept = Number(localStorage.getItem(KEPT));
  return kept >= LEAST && kept <= 100 ? kept : 100;
}
