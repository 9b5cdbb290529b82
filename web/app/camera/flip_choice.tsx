import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Image } from "../../../plugins/camera/keys.ts";

const FLIPS = [
  { id: "none", label: "As it is" },
  { id: "both", label: "Upside down" },
  { id: "horizontal", label: "Left to right" },
  { id: "vertical", label: "Top to bottom" },
] as const satisfies readonly { id: Image["flip"]; label: string }[];

export interface FlipChoiceProps {
  flip: Image["flip"];
  onFlip(flip: Image["flip"]): void;
}

/** Which way round the picture is. */
export function FlipChoice({ flip, onFlip }: FlipChoiceProps): JSX.Element {
  const id = useId();
  return (
    <fieldset class="look-flip" aria-describedby={`${id}-hint`}>
      <legend>Turned or mirrored</legend>
      <div class="segments">
        {FLIPS.map((each) => (
          <label class="segment" key={each.id}>
            <input type="radio" name={id} checked={flip === each.id} onChange={() => onFlip(each.id)} />
            <span class="look-sign" data-flip={each.id} aria-hidden="true">R</span>
            {each.label}
          </label>
        ))}
      </div>
      <p id={`${id}-hint`} class="hint">For a camera that hangs upside down, or looks into a mirror.</p>
    </fieldset>
  );
}
