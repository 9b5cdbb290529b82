/// <reference lib="dom" />
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";

export interface SliderProps {
  label: string;
  /** Per cent. */
  value: number;
  least: number;
  step: number;
  /** While it is in the hand. */
  onDraw?(value: number): void;
  /** It was let go: resolved once `value` says so. */
  onSet?(value: number): Promise<void>;
}

/** A row with a slider, per cent. */
export function Slider({ label, value, least, step, onDraw, onSet }: SliderProps): JSX.Element {
  const id = useId();
  const [drawn, setDrawn] = useState<number>();
  const percent = drawn ?? value;
  return (
    <div class="bright">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="slider"
        type="range"
        min={least}
        max="100"
        step={step}
        value={percent}
        aria-valuetext={`${percent} percent`}
        onInput={(event) => {
          setDrawn(event.currentTarget.valueAsNumber);
          onDraw?.(event.currentTarget.valueAsNumber);
        }}
        onChange={(event) =>
          void Promise.resolve(onSet?.(event.currentTarget.valueAsNumber)).finally(() => setDrawn(undefined))}
      />
      <output for={id}>{percent} %</output>
    </div>
  );
}
