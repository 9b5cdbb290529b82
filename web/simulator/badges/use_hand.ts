/// <reference lib="dom" />
import type { ButtonHTMLAttributes, RefObject, TargetedPointerEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Board } from "../model/board.ts";

/** A press longer than this holds the badge to the reader, a shorter one swipes it, ms. */
const CLICK_MS = 180;
/** A finger that moved this far drags, px; one that holds may tremble more. */
const DRAG_PX = { undecided: 8, held: 48, dragged: 0 };
/** A badge is read this far around the reader's glass, px. */
const REACH_PX = 20;

/** Where the badge is drawn, away from its place in the tray, px. */
interface Offset {
  x: number;
  y: number;
}

/** A finger or mouse on a badge. */
interface Grip {
  x: number;
  y: number;
  timer: ReturnType<typeof setTimeout>;
  /** Put on the reader by a press, carried along by a drag, or neither yet. */
  way: "undecided" | "held" | "dragged";
}

export interface HandOptions {
  board: Board;
  badge: string;
  /** Its place in the tray. */
  place: RefObject<HTMLElement | null>;
  reader: RefObject<HTMLElement | null>;
  /** A press puts the badge there until the next one. */
  stays: boolean;
}

export interface Hand {
  /** While it is in the hand, carried about. */
  dragged: Offset | undefined;
  handlers: ButtonHTMLAttributes<HTMLButtonElement>;
}

/** Holds one badge to the reader with mouse, finger or keys. */
export function useHand({ board, badge, place, reader, stays }: HandOptions): Hand {
  const [dragged, setDragged] = useState<Offset>();
  const grip = useRef<Grip>(undefined);
  const handled = useRef(false);
  const put = () => board.hold(badge);
  const take = () => {
    if (board.value.held === badge) board.remove();
  };
  const press = () => stays && board.value.held === badge ? take() : put();

  function down(event: TargetedPointerEvent<HTMLButtonElement>): void {
    if (event.button !== 0) return;
    handled.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    const timer = setTimeout(() => {
      if (grip.current?.way !== "undecided" || stays) return;
      grip.current.way = "held";
      put();
    }, CLICK_MS);
    grip.current = { x: event.clientX, y: event.clientY, timer, way: "undecided" };
  }

  function move(event: TargetedPointerEvent<HTMLButtonElement>): void {
    const { current } = grip;
    if (!current) return;
    const offset = { x: event.clientX - current.x, y: event.clientY - current.y };
    if (Math.hypot(offset.x, offset.y) < DRAG_PX[current.way]) return;
    clearTimeout(current.timer);
    current.way = "dragged";
    setDragged(offset);
    if (isNear(offset, place.current, reader.current)) put();
    else take();
  }

  function up(): void {
    const { current } = grip;
    if (!current) return;
    clearTimeout(current.timer);
    grip.current = undefined;
    setDragged(undefined);
    if (current.way === "undecided") press();
    if (!stays) take();
  }

  function cancel(): void {
    clearTimeout(grip.current?.timer);
    grip.current = undefined;
    handled.current = false;
    setDragged(undefined);
    take();
  }

  const handlers: ButtonHTMLAttributes<HTMLButtonElement> = {
    onPointerDown: down,
    onPointerMove: move,
    onPointerUp: up,
    onPointerCancel: cancel,
    onContextMenu: (event) => event.preventDefault(),
    onKeyDown(event) {
      if (event.key === "Escape") take();
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) press();
    },
    onKeyUp(event) {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!stays) take();
    },
    onBlur() {
      if (!stays) take();
    },
    onClick() {
      // A click of its own is a screen reader's: a swipe, or a change of place.
      if (!handled.current) {
        press();
        if (!stays) take();
      }
      handled.current = false;
    },
  };
  return { dragged, handlers };
}

function isNear(offset: Offset, place: HTMLElement | null, reader: HTMLElement | null): boolean {
  if (!place || !reader) return false;
  const home = place.getBoundingClientRect();
  const glass = reader.getBoundingClientRect();
  const [x, y] = [home.left + home.width / 2 + offset.x, home.top + home.height / 2 + offset.y];
  return x > glass.left - REACH_PX && x < glass.right + REACH_PX &&
    y > glass.top - REACH_PX && y < glass.bottom + REACH_PX;
}
