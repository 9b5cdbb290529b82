import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Board } from "../model/board.ts";
import { gateStartedAt } from "../model/edges.ts";

/** After an impulse the motor opens the gate, waits, and closes it again, ms altogether. */
const OPEN_MS = 9_000;

/** A sliding gate whose motor has its button wired to the panel's dry contact. */
export function Gate({ board }: { board: Board }): JSX.Element {
  const { view, ahead } = useValue(board);
  const energised = board.level("gate") > 0;
  const started = gateStartedAt(view?.edges ?? []);
  const [, draw] = useState(0);
  const left = started === undefined ? 0 : started + OPEN_MS - (performance.now() + ahead);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => draw((count) => count + 1), left);
    return () => clearTimeout(timer);
  }, [started]);
  const open = left > 0;
  return (
    <section
      class={`tile gate ${open ? "is-open" : ""} ${energised ? "is-energised" : ""}`}
      aria-labelledby="gate"
      data-energised={energised}
    >
      <div class="gateway" aria-hidden="true">
        <span class="pillar" />
        <span class="bars" />
        <span class="pillar" />
        <span class="lamp" />
      </div>
      <div class="tile-foot">
        <h2 id="gate">Gate</h2>
        <p class={`scene-state ${energised ? "is-lit" : ""}`} aria-live="polite">
          <Icon name="gate" size={20} />
          {energised ? "Contact closed" : open ? "Moved by its motor" : "Closed"}
        </p>
      </div>
    </section>
  );
}
