import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Switch } from "../../lib/ui/fields.tsx";
import type { Board } from "../model/board.ts";
import { BadgeItem } from "./badge.tsx";
import { lookOf } from "./looks.ts";

/** The badges at hand. */
export function Tray(
  { board, reader }: { board: Board; reader: RefObject<HTMLElement | null> },
): JSX.Element {
  const { view } = useValue(board);
  const [stays, setStays] = useState(false);
  return (
    <section class="tray" aria-labelledby="tray">
      <div class="tray-head">
        <h2 id="tray">Badges</h2>
        <p class="hint" id="badge-help">
          A press swipes. Keep it pressed, or drag it onto the reader, to hold.
          <span class="quiet">With keys: keep Space or Enter pressed, Escape takes the badge away.</span>
        </p>
        <Switch
          label="Stays at the reader"
          on={stays}
          onChange={(on) => {
            if (!on) board.remove();
            setStays(on);
          }}
        />
      </div>
      <ul class="badges">
        {view?.badges.map((badge, index) => (
          <BadgeItem
            key={badge.id}
            board={board}
            badge={badge}
            look={lookOf(badge, index)}
            reader={reader}
            stays={stays}
          />
        ))}
      </ul>
    </section>
  );
}
