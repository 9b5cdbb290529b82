/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";
import { spansOf } from "../model/edges.ts";
import { LINES } from "./lines.ts";

/** How much time is in sight, ms. */
const SIGHT_MS = 15_000;
/** Drawn this often, ms: less than a pixel on. */
const STEP_MS = 50;
const LANE = 24;
const BAR = 12;
/** Drawn this wide and stretched: a unit of it is a ms. */
const WIDTH = SIGHT_MS;

/** The last seconds of every line, the present at the right. */
export function Timeline({ board }: { board: Board }): JSX.Element {
  const { view } = useValue(board);
  const now = useBoardTime(board);
  const edges = view?.edges ?? [];
  return (
    <div class="timeline">
      <ul class="timeline-names">
        {LINES.map(({ id, name }) => (
          <li key={id} class={levelOf(board, id) > 0 ? "is-on" : ""}>
            {name}
            <span class="quiet">{levelOf(board, id) > 0 ? "on" : "off"}</span>
          </li>
        ))}
      </ul>
      <svg
        class="timeline-lanes"
        height={LINES.length * LANE}
        viewBox={`${-WIDTH} 0 ${WIDTH} ${LINES.length * LANE}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {[-10_000, -5_000].map((at) => (
          <line key={at} class="timeline-tick" x1={at} x2={at} y1="0" y2={LINES.length * LANE} />
        ))}
        {LINES.map(({ id, kind }, lane) => (
          <g key={id} data-line={id} class={`lane lane-${kind}`} transform={`translate(0 ${lane * LANE})`}>
            <line class="lane-rest" x1={-WIDTH} x2="0" y1={LANE - 5} y2={LANE - 5} />
            {spansOf(edges, id, levelOf(board, id)).map(({ from, to, level }) => {
              const [start, end] = [Math.max(from - now, -WIDTH), Math.min((to ?? now) - now, 0)];
              if (end <= -WIDTH) {
                return null;
              }
              const height = BAR * (0.35 + 0.65 * level);
              return (
                <rect
                  key={from}
                  class="lane-on"
                  x={start}
                  width={Math.max(end - start, 40)}
                  y={LANE - 5 - height}
                  height={height}
                />
              );
            })}
          </g>
        ))}
      </svg>
      <p class="timeline-scale" aria-hidden="true">
        <span>15 s ago</span>
        <span>10</span>
        <span>5</span>
        <span>Now</span>
      </p>
    </div>
  );
}

function levelOf(board: Board, id: string): number {
  const reads = board.value.view?.readers.some(({ name, card }) => name === id && card !== null);
  return reads || board.active(id) ? 1 : board.level(id);
}

/** The board's time, drawn again and again for as long as an edge is in sight: what lasts longer stands still. */
function useBoardTime(board: Board): number {
  const { view, ahead } = useValue(board);
  const [, draw] = useState(0);
  const now = performance.now() + ahead;
  const moves = now - (view?.edges.at(-1)?.at ?? -Infinity) < SIGHT_MS + STEP_MS;
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => draw((count) => count + 1), STEP_MS);
    return () => clearInterval(timer);
  }, [moves]);
  return now;
}
