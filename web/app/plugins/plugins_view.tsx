/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";
import { CallCard } from "../parts/call_card.tsx";
import { TalkCard } from "../talk/talk_card.tsx";
import { Keys } from "./keys.tsx";
import { Plugins } from "./plugins.tsx";
import { PluginsModel } from "./plugins_model.ts";

/** How a plugin is doing, and what a command has brought, is told by no event, ms. */
const LOOK_MS = 3_000;

/** What others have made for the panel, and whose signatures count. */
export function PluginsView({ home }: { home: Home }): JSX.Element {
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
        <Plugins home={home} model={model} />
      </div>
      <div class="people-side">
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
