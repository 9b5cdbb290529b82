/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A sound that fills the bar, root mean square of samples from -1 to 1. */
const FULL = 0.25;

/** How loud the microphone is: whoever speaks sees that it works. */
export function Level(
  { microphone, open }: { microphone: MediaStream | undefined; open: boolean },
): JSX.Element {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!microphone) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(microphone).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let next = 0;
    const draw = () => {
      next = requestAnimationFrame(draw);
      analyser.getFloatTimeDomainData(samples);
      const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      bar.current?.style.setProperty("--level", String(Math.min(1, Math.sqrt(loud / FULL))));
    };
    draw();
    return () => {
      cancelAnimationFrame(next);
      void context.close();
    };
  }, [microphone]);
  return (
    <span class={`talk-level ${open ? "" : "is-muted"}`} aria-hidden="true">
      <span ref={bar} />
    </span>
  );
}
