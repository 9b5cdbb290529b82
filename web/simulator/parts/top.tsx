import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Board } from "../model/board.ts";
import type { BeepSwitch } from "../sound/use_beep.ts";

export function Top({ board, beep }: { board: Board; beep: BeepSwitch }): JSX.Element {
  const { live, view } = useValue(board);
  return (
    <header class="top">
      <div class="top-name">
        <span class="wordmark-key">
          <Icon name="key" size={20} />
        </span>
        <div>
          <h1>Simulated panel</h1>
          {view && (
            <p class={`live ${live ? "is-live" : ""}`} role="status">
              <span class="live-dot" aria-hidden="true" />
              {live ? "Live" : "Reconnecting"}
            </p>
          )}
        </div>
      </div>
      <nav class="top-acts" aria-label="Page">
        <button
          type="button"
          class="button plain icon-only"
          aria-label="Sound of the beeper"
          aria-pressed={!beep.muted}
          title={beep.muted ? "The beeper is muted here" : "The beeper is heard here"}
          onClick={() => beep.setMuted(!beep.muted)}
        >
          <Icon name={beep.muted ? "muted" : "sound"} />
        </button>
        <a class="button primary" href="/">
          <Icon name="home" size={20} />
          <span>Household</span>
        </a>
      </nav>
    </header>
  );
}
