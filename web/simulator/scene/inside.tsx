import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";
import { Momentary } from "../parts/momentary.tsx";

/** The wall on the other side of the door. */
export function Inside({ board }: { board: Board }): JSX.Element {
  useValue(board);
  return (
    <section class="tile inside" aria-labelledby="inside">
      <div class="inside-wall">
        <div class="exit-plate">
          <Momentary board={board} input="exit-button" class="exit-button" label="Press the exit button">
            <span>Exit</span>
          </Momentary>
        </div>
      </div>
      <div class="tile-foot">
        <h2 id="inside">Inside</h2>
        <p class="scene-state">Exit button</p>
      </div>
    </section>
  );
}
