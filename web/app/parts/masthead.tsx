import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";

export function Masthead({ home }: { home: Home }): JSX.Element {
  const { live, loaded, status } = useValue(home);
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
          {status && status.pages.length > 0 && (
            <nav aria-label="Other pages">
              {status.pages.map(({ path, title }) => (
                <a key={path} class="button plain" href={path}>
                  <Icon name="panel" size={20} />
                  {title}
                </a>
              ))}
            </nav>
          )}
          <span class={`live ${live ? "is-live" : ""}`} role="status">
            <span class="live-dot" aria-hidden="true" />
            {live ? "Live" : "Reconnecting"}
          </span>
        </div>
      )}
    </header>
  );
}
