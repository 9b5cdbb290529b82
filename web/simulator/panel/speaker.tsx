import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";

/** The grille, and a mark for those who can't hear the beeper. */
export function Speaker({ board }: { board: Board }): JSX.Element {
  useValue(board);
  const beeping = board.level("beeper") > 0;
  return (
    <span class={`speaker ${beeping ? "is-beeping" : ""}`} data-beeping={beeping} aria-hidden="true">
      <svg class="speaker-waves" viewBox="0 0 20 24">
        <path d="M14 7a8 8 0 0 0 0 10M8 3.500a14 14 0 0 0 0 17" />
      </svg>
      <span class="grille" />
      <svg class="speaker-waves is-right" viewBox="0 0 20 24">
        <path d="M14 7a8 8 0 0 0 0 10M8 3.500a14 14 0 0 0 0 17" />
      </svg>
    </span>
  );
}
