/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Client } from "../lib/api/client.ts";
import { useValue } from "../lib/state.ts";
import { Toasts } from "../lib/ui/toast.tsx";
import { Cards } from "./cards/cards.tsx";
import { PanelApi } from "./model/api.ts";
import { Home } from "./model/home.ts";
import { AccessLog, Latest } from "./parts/access_log.tsx";
import { CallCard } from "./parts/call_card.tsx";
import { CallLog } from "./parts/call_log.tsx";
import { Entrance } from "./parts/entrance.tsx";
import { Lights } from "./parts/light.tsx";
import { Loading } from "./parts/loading.tsx";
import { Masthead } from "./parts/masthead.tsx";
import { type View, Views } from "./parts/views.tsx";

/** Everything at a glance where there is room, one view at a time on a phone. */
export function App({ client }: { client: Client }): JSX.Element {
  const home = useMemo(() => new Home(new PanelApi(client)), [client]);
  const { loaded, status } = useValue(home);
  const [view, setView] = useState<View>("home");
  useEffect(() => home.follow(), [home]);
  useEffect(() => {
    if (status) document.title = `${status.name} · Latchkey`;
  }, [status?.name]);

  function show(next: View): void {
    setView(next);
    scrollTo({ top: 0 });
  }

  return (
    <div class="app" data-view={view}>
      <a class="skip" href="#main">Skip to the door</a>
      <Masthead home={home} />
      <main id="main" tabIndex={-1} class="grid">
        {loaded
          ? (
            <>
              <div class="column column-door">
                <CallCard home={home} />
                <Entrance home={home} />
                <Lights home={home} />
                <Latest home={home} onAll={() => show("activity")} />
              </div>
              <div class="column column-cards">
                <Cards home={home} />
                <CallLog home={home} />
              </div>
              <div class="column column-activity">
                <AccessLog home={home} />
              </div>
            </>
          )
          : <Loading home={home} />}
      </main>
      <Views view={view} onView={show} />
      <Toasts />
    </div>
  );
}
