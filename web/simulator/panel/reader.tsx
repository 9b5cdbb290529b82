import type { JSX, RefObject } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";
import { Waves } from "../parts/waves.tsx";

/** The glass that reads badges. */
export function Reader(
  { board, reader }: { board: Board; reader: RefObject<HTMLDivElement | null> },
): JSX.Element {
  const { view, held } = useValue(board);
  const occupied = view?.readers.some(({ card }) => card !== null) ?? false;
  const foreign = occupied && held === undefined;
  return (
    <div class={`reader ${occupied ? "is-reading" : ""}`} ref={reader} data-occupied={occupied}>
      <Waves />
      {foreign && (
        <button type="button" class="reader-clear" onClick={() => board.clearReader()}>
          Take the badge away
        </button>
      )}
    </div>
  );
}
