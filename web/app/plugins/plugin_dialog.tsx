import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../../lib/api/problem.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Switch } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { PluginSettings } from "../settings/settings_api.ts";
import { fieldsOf } from "../settings/settings_fields.ts";
import { SettingsForm } from "../settings/settings_form.tsx";
import type { PluginState } from "./plugin_words.ts";
import type { SeenPlugin } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";
import { RemoveDialog } from "./remove_dialog.tsx";
import { Signed, WantsList } from "./wants_list.tsx";

export interface PluginDialogProps {
  model: PluginsModel;
  plugin: SeenPlugin;
  state: PluginState;
  onClose(): void;
}

/** One plugin: how it is doing, what it may, its settings, and the way out. */
export function PluginDialog({ model, plugin, state, onClose }: PluginDialogProps): JSX.Element {
  const [removing, setRemoving] = useState(false);
  const [setting, setSetting] = useState<PluginSettings>();
  const { id, title, version } = plugin;
  const settings = useSettings(model, id, `${state.word} ${setting !== undefined}`);
  if (removing) {
    return (
      <RemoveDialog
        model={model}
        id={id}
        title={title}
        onKeep={() => setRemoving(false)}
        onDone={onClose}
      />
    );
  }
  if (setting) {
    return (
      <Dialog title={`Settings of ${title}`} onClose={onClose}>
        <SettingsForm
          api={model.settings}
          settings={setting}
          doors={model.doors}
          effect="When they are saved, the plugin stops and starts anew with them."
          back="Back"
          onBack={() => setSetting(undefined)}
          onTried={() => void model.load()}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={`${title} ${version}`} onClose={onClose}>
      <Facts model={model} plugin={plugin} state={state} />
      <div class="dialog-foot">
        <button type="button" class="button warn" onClick={() => setRemoving(true)}>
          <Icon name="trash" size={20} /> Remove
        </button>
        {settings && plugin.off === null && (
          <button
            type="button"
            class="button"
            onClick={() => setSetting(settings)}
          >
            <Icon name="settings" size={20} /> Settings
          </button>
        )}
        <button type="button" class="button plain" onClick={onClose}>Close</button>
      </div>
    </Dialog>
  );
}

/** A plugin's settings, read again when `when` is another; undefined where it has none, or until they are there. */
function useSettings(model: PluginsModel, id: string, when: string): PluginSettings | undefined {
  const [settings, setSettings] = useState<PluginSettings>();
  useEffect(() => {
    let isGone = false;
    setSettings(undefined);
    model.settings.of(id).then((found) => {
      const isAny = found && fieldsOf(found.schema, found.values).length > 0;
      if (!isGone) setSettings(isAny ? found : undefined);
    }, (error) => {
      if (!isGone) say(messageOf(error), "warning");
    });
    return () => void (isGone = true);
  }, [id, when]);
  return settings;
}

function Facts({ model, plugin, state }: Omit<PluginDialogProps, "onClose">): JSX.Element {
  const { id, title, off, may, origin, signer } = plugin;
  const { asking, fault, ask } = useAsk();

  function turn(on: boolean): void {
    void ask(() => model.api.switch(id, on), () => {
      say(`${title} was switched ${on ? "on" : "off"}`, "plug");
      void model.load();
    });
  }

  return (
    <div class="consent">
      <p class="plugin-state">
        <span class={`pill pill-${state.tone}`}>{state.word}</span>
        <span class="hint">{origin.package}</span>
      </p>
      {state.reason !== undefined && (
        <p class="notice is-bad">
          <Icon name="warning" />
          <span>{state.reason}</span>
        </p>
      )}
      <Switch label="Switched on" on={off === null} disabled={asking} onChange={turn} />
      {fault !== undefined && <Fault text={fault} />}
      <section class="consent-part" aria-labelledby="may">
        <h3 id="may">What it may</h3>
        <WantsList phrases={may} granted />
      </section>
      <Signed
        text={signer === null
          ? "Not signed"
          : signer.name === null
          ? `Signed by a key you don’t know (${signer.keyId})`
          : `Signed by ${signer.name}`}
        known={(signer?.name ?? null) !== null}
      />
    </div>
  );
}
