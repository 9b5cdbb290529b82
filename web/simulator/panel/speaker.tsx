import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import type { Board } from "../model/board.ts";
import type { Talk } from "../sound/talk.ts";

/** The grille, and a mark for those who can't hear the beeper, or who is heard there. */
export function Speaker({ board, talk }: { board: Board; talk: Talk }): JSX.Element {
  useValue(board);
  const beeping = board.level("beeper") > 0;
  const speaking = useValue(talk).talk !== null;
  const looks = `${beeping ? "is-beeping" : ""} ${speaking ? "is-speaking" : ""}`;
  return (
    <span class={`speaker ${looks}`} data-beeping={beeping} data-speaking={speaking} aria-hidden="true">
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
