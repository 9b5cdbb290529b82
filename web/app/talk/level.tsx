/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Meter } from "../../lib/sound/meter.ts";

/** How loud the microphone is: whoever speaks sees that it works. */
export function Level(
  { microphone, open }: { microphone: MediaStream | undefined; open: boolean },
): JSX.Element {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!microphone) return;
    const meter = new Meter(microphone);
    let next = 0;
    const draw = () => {
      next = requestAnimationFrame(draw);
      bar.current?.style.setProperty("--level", String(meter.now()));
    };
    draw();
    return () => {
      cancelAnimationFrame(next);
      meter.close();
    };
  }, [microphone]);
  return (
    <span class={`talk-level ${open ? "" : "is-muted"}`} aria-hidden="true">
      <span ref={bar} />
    </span>
  );
}
