import type { ComponentChildren, JSX } from "preact";
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
    <Row
      name={
        <>
          {title} <span class="digits">{version}</span>
        </>
      }
      reason={state.reason}
      tone={state.tone}
      word={state.word}
      onShow={onShow}
    >
      {may.slice(0, MOST_SHOWN).map(({ text }) => text).join(" · ")}
      {more > 0 && ` · and ${more} more`}
    </Row>
  );
}

export interface RowProps extends Pick<PluginState, "tone" | "word"> {
  name: ComponentChildren;
  /** Why it does not run; in place of the children. */
  reason: string | undefined;
  onShow(): void;
  /** What is said of it where all is well. */
  children?: ComponentChildren;
}

/** A plugin in the list: opens what is known of it. */
export function Row({ name, reason, tone, word, onShow, children }: RowProps): JSX.Element {
  return (
    <li>
      <button type="button" class="card-row plugin-row" aria-haspopup="dialog" onClick={onShow}>
        <span class="own-icon" aria-hidden="true">
          <Icon name="plug" />
        </span>
        <span class="card-row-text">
          <span class="card-row-name">{name}</span>
          {reason !== undefined
            ? <span class="hint plugin-reason">{reason}</span>
            : <span class="hint">{children}</span>}
        </span>
        <span class={`pill pill-${tone}`}>{word}</span>
      </button>
    </li>
  );
}
