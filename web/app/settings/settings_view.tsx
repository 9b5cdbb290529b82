/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";
import { CallCard } from "../parts/call_card.tsx";
import { Keys } from "../plugins/keys.tsx";
import { Plugins } from "../plugins/plugins.tsx";
import { PluginsModel } from "../plugins/plugins_model.ts";
import { TalkCard } from "../talk/talk_card.tsx";
import { SettingsCard } from "./settings_card.tsx";

/** How a plugin is doing, and what a command has brought, is told by no event, ms. */
const LOOK_MS = 3_000;

/** What the panel has built in, what others have made for it, and whose signatures count. */
export function SettingsView({ home }: { home: Home }): JSX.Element {
  const model = useMemo(() => new PluginsModel(home), [home]);
  const { keys } = useValue(model);
  useEffect(() => {
    void model.load();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void model.load();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [model]);
  return (
    <div class="people-view">
      <CallCard home={home} />
      <TalkCard home={home} whileOn />
      <div class="people-main">
        <SettingsCard home={home} />
      </div>
      <div class="people-side">
        <Plugins home={home} model={model} />
        <Keys model={model} keys={keys} />
        <section class="card" aria-labelledby="plugin-limits">
          <h2 id="plugin-limits">What no plugin can</h2>
          <ul class="plain-list soft">
            <li>Read the lists of cards, codes and people, or change who may come in.</li>
            <li>Write in the access log, or act in somebody’s name: what it does is logged as its own.</li>
            <li>Keep shut who presses the button inside to get out.</li>
            <li>Take more later: another version that wants more is asked about again.</li>
          </ul>
        </section>
      </div>
    </div>
  );
}
