/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SiteView } from "../../../plugins/site-sync/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { Home } from "../model/home.ts";
import { type SiteAct, SiteDialog } from "./site_dialog.tsx";

const SAYS: Record<SiteView["role"], string> = {
  none:
    "Another panel at the street, the garage, the yard? They can share cards: one that is added or deleted at any is so at all.",
  joining: "This panel asks to share the cards of others. It is let in as soon as both reach the broker.",
  keeper: "This panel shares its cards with others, and lets them in.",
  follower: "This panel shares cards with others. Each decides by itself, also where the others are away.",
  removed: "This panel was removed from those that share cards. Its cards are as they were then.",
};

/** Panels that share cards, and what an owner does about them. */
export function SiteCard({ home }: { home: Home }): JSX.Element | null {
  const { log } = useValue(home);
  const [site, setSite] = useState<SiteView>();
  const [act, setAct] = useState<SiteAct>();
  const { asking, fault, ask } = useAsk();
  const load = () => void home.api.site().then(setSite, () => setSite(undefined));
  // Whatever becomes of it is in the log.
  const newest = log.find(({ kind }) => kind === "site")?.seq;
  useEffect(load, [home, newest]);
  if (!site) return null;
  const { role, panels, pending, brokerUp } = site;
  const others = panels.filter(({ self }) => !self);
  return (
    <section class="card" aria-labelledby="site">
      <h2 id="site">Several panels</h2>
      <p class="soft">{SAYS[role]}</p>
      {!brokerUp && (
        <p class="notice">
          <Icon name="warning" />
          <span>
            There is no MQTT broker now; panels reach each other by one. Its address is in the settings of
            MQTT.
          </span>
        </p>
      )}
      {others.length > 0 && (
        <ul class="site-panels" aria-label="Other panels">
          {others.map(({ id, name }) => (
            <li key={id} class="device-row">
              <span class="log-icon">
                <Icon name="panel" size={20} />
              </span>
              <p class="log-text">{name}</p>
              {role === "keeper" && (
                <div class="device-acts">
                  <button
                    type="button"
                    class="button icon-only plain"
                    aria-label={`Remove ${name}`}
                    onClick={() => setAct({ kind: "remove", id, name })}
                  >
                    <Icon name="trash" size={20} />
                  </button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {pending > 0 && (
        <p class="hint">
          {pending === 1 ? "One change waits" : `${pending} changes wait`} to be told to the others.
        </p>
      )}
      {fault !== undefined && <Fault text={fault} />}
      <div class="site-acts">
        {role === "none" && (
          <>
            <button
              type="button"
              class="button"
              disabled={asking}
              onClick={() => void ask(() => home.api.foundSite(), setSite)}
            >
              Share the cards of this panel
            </button>
            <button type="button" class="button plain" onClick={() => setAct({ kind: "join" })}>
              Join another panel
            </button>
          </>
        )}
        {role === "keeper" && (
          <button type="button" class="button" onClick={() => setAct({ kind: "invite" })}>
            <Icon name="plus" size={20} /> Let a panel join
          </button>
        )}
        {role !== "none" && (
          <button
            type="button"
            class="button plain"
            onClick={() => setAct({ kind: "leave", role })}
          >
            {role === "joining" ? "Do not join" : "Share no longer"}
          </button>
        )}
      </div>
      {act && (
        <SiteDialog
          home={home}
          act={act}
          onClose={() => {
            setAct(undefined);
            load();
          }}
        />
      )}
    </section>
  );
}
