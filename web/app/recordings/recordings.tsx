/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Clip } from "../../../plugins/recorder/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { dayText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { CardStrip } from "./card_strip.tsx";
import { ClipDialog } from "./clip_dialog.tsx";
import { ClipTile } from "./clip_tile.tsx";
import { Lock } from "./lock.tsx";
import { Shelf } from "./shelf.ts";

/** What was recorded, by days; nothing where this panel has no recorder. */
export function Recordings({ home }: { home: Home }): JSX.Element | null {
  const { parts, recordings } = useValue(home);
  const shelf = useMemo(() => new Shelf(home.api.client), [home]);
  const { view, clips, more, fault } = useValue(shelf);
  const [shown, setShown] = useState<string>();
  const [locking, setLocking] = useState(false);
  const { asking, fault: moreFault, ask } = useAsk();
  const now = useNow(60_000);
  const state = JSON.stringify(parts.find(({ id }) => id === "recorder")?.state);
  useEffect(() => {
    if (state !== undefined) void shelf.load();
  }, [shelf, state, recordings]);
  useEffect(() => () => shelf.stop(), [shelf]);
  if (!view) return null;

  const { on, open } = view.encryption;
  const locked = (on || clips.some(({ sealed }) => sealed)) && !open;
  const days = new Map<string, Clip[]>();
  for (const clip of clips) {
    const day = dayText(clip.startedAt, now);
    days.set(day, [...days.get(day) ?? [], clip]);
  }
  const clip = clips.find(({ id }) => id === shown);
  return (
    <section class="card" data-in="activity" aria-labelledby="recordings">
      <div class="card-head">
        <h2 id="recordings">Recordings</h2>
        {(on || locked) && (
          <button
            type="button"
            class="button"
            onClick={() => locked ? setLocking(true) : void shelf.lock()}
          >
            <Icon name={locked ? "lock" : "unlock"} size={20} /> {locked ? "Unlock" : "Lock again"}
          </button>
        )}
      </div>
      <CardStrip home={home} shelf={shelf} view={view} />
      {fault !== undefined && <Fault text={fault} />}
      {view.card.state === "normal" && clips.length === 0 && (
        <div class="empty">
          <Icon name="play" size={32} />
          <h3>Nothing was recorded yet</h3>
          <p class="soft">Every ring is, and every badge at the reader.</p>
        </div>
      )}
      {[...days].map(([day, entries]) => (
        <div key={day} class="clip-day">
          <h3 class="log-day">{day}</h3>
          <ul class="clips">
            {entries.map((each) => (
              <ClipTile
                key={each.id}
                shelf={shelf}
                clip={each}
                locked={each.sealed && !open}
                onShow={() => each.sealed && !open ? setLocking(true) : setShown(each.id)}
              />
            ))}
          </ul>
        </div>
      ))}
      {moreFault !== undefined && <Fault text={moreFault} />}
      {more && (
        <button
          type="button"
          class="button plain"
          disabled={asking}
          onClick={() => void ask(() => shelf.more(), () => {})}
        >
          Show older recordings
        </button>
      )}
      {clip && (
        <ClipDialog
          key={clip.id}
          home={home}
          shelf={shelf}
          clip={clip}
          onClose={() => setShown(undefined)}
        />
      )}
      {locking && <Lock shelf={shelf} onClose={() => setLocking(false)} />}
    </section>
  );
}
