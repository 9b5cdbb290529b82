import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";
import { Backup } from "../own/backup.tsx";
import { Recovery } from "../own/recovery.tsx";
import { ThisDevice } from "../own/this_device.tsx";
import { TrustCard } from "../own/trust_card.tsx";
import { CallCard } from "../parts/call_card.tsx";
import { SiteCard } from "../site/site_card.tsx";
import { TalkCard } from "../talk/talk_card.tsx";
import { People } from "./people.tsx";

/** Who has access, and this device's own. Whoever administers nobody sees the latter. */
export function PeopleView({ home }: { home: Home }): JSX.Element {
  const { may } = useValue(home);
  // Who was here when, and what other owners have sent out, is told by no event.
  useEffect(() => void home.loadMembers(), [home]);
  return (
    <div class={`people-view ${may.owner ? "" : "is-own"}`}>
      <CallCard home={home} />
      <TalkCard home={home} whileOn />
      {may.owner && (
        <div class="people-main">
          <People home={home} />
        </div>
      )}
      <div class="people-side">
        <ThisDevice home={home} />
        <TrustCard home={home} />
        {may.owner && <SiteCard home={home} />}
        {may.owner && <Backup home={home} />}
        {may.owner && <Recovery />}
      </div>
    </div>
  );
}
