import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";

/** A lit strip with the name of the house. */
export function Nameplate({ board }: { board: Board }): JSX.Element {
  const { name } = useValue(board);
  const level = board.level("nameplate");
  return (
    <div
      class={`nameplate ${level > 0 ? "is-lit" : ""}`}
      style={{ "--level": String(level) }}
      data-level={level}
    >
      <span class="nameplate-light" aria-hidden="true" />
      <p>{name}</p>
    </div>
  );
}
