import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Board } from "../model/board.ts";
import { strikeGivesWay } from "../model/edges.ts";

/** The house's door, with its strike. It opens to a push where the strike gives way, and to force always. */
export function Door({ board }: { board: Board }): JSX.Element {
  const { view } = useValue(board);
  const [rattles, setRattles] = useState(0);
  const open = board.active("door-contact");
  const energised = board.level("lock") > 0;
  const gives = energised || strikeGivesWay(view?.edges ?? []);

  function push(): void {
    if (open) board.setInput("door-contact", false);
    else if (gives) board.setInput("door-contact", true);
    else setRattles((count) => count + 1);
  }

  const state = open ? "Open" : energised ? "The strike lets go" : gives ? "Push to open" : "Locked";
  return (
    <section class="doorway" aria-labelledby="door">
      <h2 id="door" class="quiet">Door</h2>
      <div
        class={`frame ${open ? "is-open" : ""} ${energised ? "is-energised" : ""}`}
        data-open={open}
        data-energised={energised}
      >
        <span class="hall" aria-hidden="true" />
        <span key={rattles} class={`leaf ${rattles > 0 && !open ? "is-rattling" : ""}`} aria-hidden="true">
          <span class="moulding" />
          <span class="moulding" />
          <span class="letterbox" />
          <span class="handle" />
        </span>
        <span class="strike" aria-hidden="true">
          <span class="keeper" />
        </span>
        <span class="step" aria-hidden="true" />
      </div>
      <div class="scene-foot">
        <p class={`scene-state ${energised ? "is-lit" : ""}`} aria-live="polite">
          <Icon name={open ? "door-open" : gives ? "unlock" : "lock"} size={20} />
          {rattles > 0 && !open && !gives ? "Locked: it does not give way" : state}
        </p>
        <div class="scene-acts">
          <button type="button" class="button" onClick={push}>
            {open ? "Close the door" : "Push the door"}
          </button>
          <button
            type="button"
            class="button warn"
            disabled={open}
            onClick={() => board.setInput("door-contact", true)}
          >
            Force it
          </button>
        </div>
      </div>
    </section>
  );
}
