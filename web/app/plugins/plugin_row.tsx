import type { JSX } from "preact";
import { Icon } from "../../lib/ui/icons.tsx";
import type { PluginState } from "./plugin_words.ts";
import type { SeenPlugin } from "./plugins_api.ts";

/** What it may, in a row; the rest is counted. */
const MOST_SHOWN = 2;

export interface PluginRowProps {
  plugin: SeenPlugin;
  state: PluginState;
  onShow(): void;
}

export function PluginRow({ plugin, state, onShow }: PluginRowProps): JSX.Element {
  const { title, version, may } = plugin;
  const more = may.length - MOST_SHOWN;
  return (
    <li>
      <button type="button" class="card-row plugin-row" aria-haspopup="dialog" onClick={onShow}>
        <span class="own-icon" aria-hidden="true">
          <Icon name="plug" />
        </span>
        <span class="card-row-text">
          <span class="card-row-name">
            {title} <span class="digits">{version}</span>
          </span>
          {state.reason !== undefined
            ? <span class="hint plugin-reason">{state.reason}</span>
            : (
              <span class="hint">
                {may.slice(0, MOST_SHOWN).map(({ text }) => text).join(" · ")}
                {more > 0 && ` · and ${more} more`}
              </span>
            )}
        </span>
        <span class={`pill pill-${state.tone}`}>{state.word}</span>
      </button>
    </li>
  );
}
