import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";
import type { View } from "./use_view.ts";
import { viewsFor } from "./views.tsx";

/** What is not beside the door where there is room. */
const PLACES: readonly View[] = ["home", "people", "settings"];

export interface MastheadProps {
  home: Home;
  view: View;
  onView(view: View): void;
}

export function Masthead({ home, view, onView }: MastheadProps): JSX.Element {
  const { loaded, may } = useValue(home);
  return (
    <header class="masthead">
      <h1 class="wordmark">
        <span class="wordmark-key">
          <Icon name="key" size={20} />
        </span>
        <span class="wordmark-word">Latchkey</span>
      </h1>
      {loaded && (
        <div class="masthead-end">
          <nav class="places" aria-label="Places">
            {viewsFor(may).filter(({ id }) => PLACES.includes(id)).map(({ id, label, icon }) => {
              const here = id === (PLACES.includes(view) ? view : "home");
              return (
                <button
                  type="button"
                  key={id}
                  class="place"
                  aria-current={here ? "page" : undefined}
                  onClick={() => onView(id)}
                >
                  <Icon name={icon} size={20} />
                  {label}
                </button>
              );
            })}
          </nav>
          <OtherPages home={home} />
          <Live home={home} />
        </div>
      )}
    </header>
  );
}

function OtherPages({ home }: { home: Home }): JSX.Element | null {
  const { status, may } = useValue(home);
  if (!may.owner || !status || status.pages.length === 0) return null;
  return (
    <nav aria-label="Other pages">
      {status.pages.map(({ path, title }) => (
        <a key={path} class="button plain" href={path}>
          <Icon name="panel" size={20} />
          {title}
        </a>
      ))}
    </nav>
  );
}

/** Whether what is shown is what is. */
export function Live({ home }: { home: Home }): JSX.Element {
  const { live } = useValue(home);
  return (
    <span class={`live ${live ? "is-live" : ""}`} role="status">
      <span class="live-dot" aria-hidden="true" />
      {live ? "Live" : "Reconnecting"}
    </span>
  );
}
