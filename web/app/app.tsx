/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Client } from "../lib/api/client.ts";
import { useValue } from "../lib/state.ts";
import { Toasts } from "../lib/ui/toast.tsx";
import { Cards } from "./cards/cards.tsx";
import { Codes } from "./codes/codes.tsx";
import type { Arrival } from "./entry/under_way.ts";
import { Guest } from "./guest/guest.tsx";
import { LiveView } from "./live/live_view.tsx";
import { PanelApi } from "./model/api.ts";
import { Home } from "./model/home.ts";
import { Ended } from "./own/ended.tsx";
import { Introduction } from "./own/introduction.tsx";
import { AccessLog, Latest } from "./parts/access_log.tsx";
import { CallCard } from "./parts/call_card.tsx";
import { CallLog } from "./parts/call_log.tsx";
import { Entrance } from "./parts/entrance.tsx";
import { Lights } from "./parts/light.tsx";
import { Readings } from "./parts/readings.tsx";
import { Loading } from "./parts/loading.tsx";
import { Masthead } from "./parts/masthead.tsx";
import { useView } from "./parts/use_view.ts";
import { intercomOf, useTalk } from "./talk/use_talk.ts";
import { TalkCard } from "./talk/talk_card.tsx";
import { Views, viewsFor } from "./parts/views.tsx";
import { PeopleView } from "./people/people_view.tsx";
import { Recordings } from "./recordings/recordings.tsx";
import { SettingsView } from "./settings/settings_view.tsx";

export interface AppProps {
  client: Client;
  arrival: Arrival;
}

/** Everything at a glance where there is room, one view at a time on a phone; to each role what it may do. */
export function App({ client, arrival }: AppProps): JSX.Element {
  const home = useMemo(() => new Home(new PanelApi(client)), [client]);
  const { loaded, ended, identity, me } = useValue(home);
  const name = identity?.name;
  useEffect(() => home.follow(), [home]);
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Latchkey`;
  }, [name]);
  if (ended) return <Ended home={home} error={ended} />;
  if (loaded && me?.member.role === "guest") return <Guest home={home} />;
  return <Household home={home} arrival={arrival} />;
}

function Household({ home, arrival }: { home: Home; arrival: Arrival }): JSX.Element {
  const { loaded, may } = useValue(home);
  const views = viewsFor(may);
  useTalk(home);
  const [view, show] = useView(views.map(({ id }) => id));
  return (
    <div class="app" data-view={view}>
      <a class="skip" href="#main">Skip to the door</a>
      <Masthead home={home} view={view} onView={show} />
      <main id="main" tabIndex={-1} class="grid">
        {loaded
          ? <View id={view} home={home} arrival={arrival} onActivity={() => show("activity")} />
          : <Loading home={home} />}
      </main>
      {loaded && <Views views={views} view={view} onView={show} />}
      <Toasts />
    </div>
  );
}

interface ViewProps {
  id: string;
  home: Home;
  arrival: Arrival;
  onActivity(): void;
}

/** People and settings have a page of their own; the rest is one, of which a phone shows a column at a time. */
function View({ id, home, arrival, onActivity }: ViewProps): JSX.Element {
  const data = useValue(home);
  const { may } = data;
  // Who holds a button to speak wants it beside the picture; others want to open the door.
  const oneAtATime = intercomOf(data)?.duplex === "half";
  if (id === "people") return <PeopleView home={home} />;
  if (id === "settings") return <SettingsView home={home} />;
  return (
    <>
      <div class="column column-door">
        <CallCard home={home} />
        <LiveView home={home} />
        {oneAtATime && <TalkCard home={home} />}
        {arrival === "unnamed" && <Introduction home={home} />}
        <Entrance home={home} />
        {!oneAtATime && <TalkCard home={home} />}
        <Lights home={home} />
        <Readings home={home} />
        {may.resident && <Latest home={home} onAll={onActivity} />}
      </div>
      <div class="column column-cards">
        {may.resident && <Cards home={home} />}
        {may.resident && <Codes home={home} />}
        <CallLog home={home} />
        <Recordings home={home} />
      </div>
      {may.resident && (
        <div class="column column-activity">
          <AccessLog home={home} />
        </div>
      )}
    </>
  );
}
