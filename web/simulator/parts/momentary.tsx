/// <reference lib="dom" />
import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";

export interface MomentaryProps {
  board: Board;
  /** The input that is active while the button is down. */
  input: string;
  class: string;
  label: string;
  children: ComponentChildren;
}

/** A button that is down as long as finger, mouse or key is. */
export function Momentary({ board, input, class: name, label, children }: MomentaryProps): JSX.Element {
  useValue(board);
  const handled = useRef(false);
  const press = () => board.press(input);
  const release = () => board.release(input);
  const isKey = ({ key }: KeyboardEvent) => key === " " || key === "Enter";
  return (
    <button
      type="button"
      class={`${name} ${board.active(input) ? "is-down" : ""}`}
      aria-label={label}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        handled.current = true;
        press();
      }}
      onPointerUp={release}
      onPointerCancel={() => {
        handled.current = false;
        release();
      }}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        if (!event.repeat) press();
      }}
      onKeyUp={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        release();
      }}
      onBlur={release}
      onContextMenu={(event) => event.preventDefault()}
      onClick={() => {
        // A click of its own is a screen reader's.
        if (!handled.current) board.tap(input);
        handled.current = false;
      }}
    >
      {children}
    </button>
  );
}
