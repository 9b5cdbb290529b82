/// <reference lib="dom" />
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import type { Badge } from "../model/api.ts";
import type { Board } from "../model/board.ts";
import { Waves } from "../parts/waves.tsx";
import type { Look } from "./looks.ts";
import { useHand } from "./use_hand.ts";

export interface BadgeItemProps {
  board: Board;
  badge: Badge;
  look: Look;
  reader: RefObject<HTMLElement | null>;
  /** A press puts it there until the next one. */
  stays: boolean;
}

/** A badge in the tray, or at the reader while it is held there. */
export function BadgeItem({ board, badge, look, reader, stays }: BadgeItemProps): JSX.Element {
  const { held } = useValue(board);
  const isHeld = held === badge.id;
  const place = useRef<HTMLSpanElement>(null);
  const { dragged, handlers } = useHand({ board, badge: badge.id, place, reader, stays });
  const [away, setAway] = useState<{ x: number; y: number }>();

  useLayoutEffect(() => {
    setAway(isHeld ? between(place.current, reader.current) : undefined);
  }, [isHeld]);

  const at = dragged ?? away;
  return (
    <li>
      <button
        type="button"
        class={`badge ${isHeld ? "is-held" : ""} ${dragged ? "is-dragged" : ""}`}
        aria-pressed={isHeld}
        aria-describedby="badge-help"
        data-badge={badge.id}
        {...handlers}
      >
        <span class="badge-place" ref={place}>
          <span
            class={`badge-shape is-${look.shape} is-${look.colour}`}
            style={at ? { transform: `translate(${at.x}px, ${at.y}px) scale(1.3) rotate(-3deg)` } : {}}
          >
            <Waves />
          </span>
        </span>
        <span class="badge-name">{badge.name}</span>
      </button>
    </li>
  );
}

/** From the middle of one to the middle of the other, px. */
function between(from: HTMLElement | null, to: HTMLElement | null) {
  if (!from || !to) return undefined;
  const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  return { x: b.left + b.width / 2 - a.left - a.width / 2, y: b.top + b.height / 2 - a.top - a.height / 2 };
}
