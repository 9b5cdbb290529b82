import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";

export function Masthead({ home }: { home: Home }): JSX.Element {
  const { live, loaded } = useValue(home);
  return (
    <header class="masthead">
      <span class="wordmark">
        <span class="wordmark-key">
          <Icon name="key" size={20} />
        </span>
        Latchkey
      </span>
      {loaded && (
        <span class={`live ${live ? "is-live" : ""}`}>
          <span class="live-dot" aria-hidden="true" />
          {live ? "Live" : "Reconnecting"}
        </span>
      )}
    </header>
  );
}
