import type { JSX, RefObject } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Board } from "../model/board.ts";
import type { Talk } from "../sound/talk.ts";
import { Momentary } from "../parts/momentary.tsx";
import { Camera } from "./camera.tsx";
import { Nameplate } from "./nameplate.tsx";
import { Reader } from "./reader.tsx";
import { Speaker } from "./speaker.tsx";

/** The outdoor unit, as it hangs on the wall. */
export function Panel(
  { board, talk, reader }: { board: Board; talk: Talk; reader: RefObject<HTMLDivElement | null> },
): JSX.Element {
  useValue(board);
  const open = board.active("tamper");
  const lit = board.level("indicator") > 0;
  return (
    <section class={`panel ${open ? "is-loose" : ""}`} aria-label="Door panel">
      <div class="housing">
        <span class="screw screw-top" aria-hidden="true" />
        <div class="glass glass-top">
          <Camera />
          <Speaker board={board} talk={talk} />
        </div>
        <Nameplate board={board} />
        <div class={`bell ${lit ? "is-lit" : ""}`} data-lit={lit}>
          <span class="bell-ring" aria-hidden="true" />
          <Momentary board={board} input="bell" class="bell-button" label="Ring the bell">
            <Icon name="bell" size={34} />
          </Momentary>
        </div>
        <Reader board={board} reader={reader} />
        <span class="screw screw-foot" aria-hidden="true" />
      </div>
    </section>
  );
}
