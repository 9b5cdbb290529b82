/// <reference lib="dom" />
import type { JSX } from "preact";
import type { Area } from "../../../plugins/camera/keys.ts";
import { type Edge, moved, placeText, type Point, resized, STEP } from "./geometry.ts";

/** Where it is taken hold of to be resized. */
const GRIPS: readonly (readonly Edge[])[] = [
  ["top"],
  ["bottom"],
  ["left"],
  ["right"],
  ["left", "top"],
  ["right", "top"],
  ["left", "bottom"],
  ["right", "bottom"],
];

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

export interface AreaBoxProps {
  /** What it is called. */
  name: string;
  /** As it is seen. */
  area: Area;
  number: number;
  chosen: boolean;
  onChoose(): void;
  onChange(area: Area): void;
  onRemove(): void;
}

/** One area over the picture; the board sees to what a pointer does with it. */
export function AreaBox(props: AreaBoxProps): JSX.Element {
  const { name, area, number, chosen, onChoose, onChange, onRemove } = props;

  function press(event: KeyboardEvent): void {
    const by = STEPS[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Delete" || event.key === "Backspace") onRemove();
    else if (!by) return;
    else onChange(event.shiftKey ? resized(area, ["right", "bottom"], by) : moved(area, by));
    event.preventDefault();
  }

  return (
    <div
      // Not every browser tells what is pressed within a button element, or lets anything stand out of it.
      role="button"
      tabIndex={0}
      class={chosen ? "area is-chosen" : "area"}
      data-area={number - 1}
      aria-label={`${name} ${number}: ${placeText(area)}`}
      style={placeOf(area)}
      onFocus={onChoose}
      onKeyDown={press}
    >
      <span class="area-number" aria-hidden="true">{number}</span>
      {GRIPS.map((edges) => (
        <span key={edges.join()} class="area-grip" data-edges={edges.join(" ")} aria-hidden="true" />
      ))}
    </div>
  );
}

/** As style. */
export function placeOf({ x, y, width, height }: Area): Record<string, string> {
  return {
    left: `${x / 10}%`,
    top: `${y / 10}%`,
    width: `${width / 10}%`,
    height: `${height / 10}%`,
  };
}
