/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Talk } from "./talk.ts";

export interface HoldProps {
  talk: Talk;
  held: boolean;
  /** The microphone is open anyway. */
  disabled: boolean;
}

/** One is heard for as long as it is held: by finger, mouse or key. */
export function HoldToTalk({ talk, held, disabled }: HoldProps): JSX.Element {
  const holding = useRef(false);
  function set(hold: boolean): void {
    if (holding.current === hold) return;
    holding.current = hold;
    void talk.mute(!hold);
  }
  // Who holds it and comes to another view, by the way back or another finger, lets go of it.
  useEffect(() => () => set(false), [talk]);
  const isKey = ({ key }: KeyboardEvent) => key === " " || key === "Enter";
  return (
    <button
      type="button"
      class="button talk-hold"
      aria-pressed={held && !disabled}
      disabled={disabled && !holding.current}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        set(true);
      }}
      onPointerUp={() => set(false)}
      onPointerCancel={() => set(false)}
      onLostPointerCapture={() => set(false)}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        if (!event.repeat) set(true);
      }}
      onKeyUp={(event) => {
        if (isKey(event)) set(false);
      }}
      onBlur={() => set(false)}
    >
      <Icon name="microphone" size={20} /> Hold to talk
    </button>
  );
}
