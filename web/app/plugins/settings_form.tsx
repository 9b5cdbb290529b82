/// <reference lib="dom" />
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { asRefusal } from "../../lib/api/problem.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { say } from "../../lib/ui/toast.tsx";
import type { PluginSettings } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";
import { draftOf, type PlacedFaults, placeFaults, settingsOf } from "./settings_draft.ts";
import { SettingControl } from "./setting_control.tsx";
import { fieldsOf } from "./settings_fields.ts";

export interface SettingsFormProps {
  model: PluginsModel;
  settings: PluginSettings;
  onBack(): void;
}

const NONE: PlacedFaults = { at: {}, rest: undefined };

/** A plugin's settings, as the schema that its author wrote describes them. */
export function SettingsForm({ model, settings, onBack }: SettingsFormProps): JSX.Element {
  const { plugin, title, schema, values } = settings;
  const fields = useMemo(() => fieldsOf(schema, values), [settings]);
  const [draft, setDraft] = useState(() => draftOf(fields, values));
  const [faults, setFaults] = useState(NONE);
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [faults]);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const made = settingsOf(fields, draft, values);
    if ("faults" in made) return setFaults({ at: made.faults, rest: undefined });
    setSaving(true);
    setFaults(NONE);
    try {
      await model.api.changeSettings(plugin, made.values);
      say(`${title} has started anew with its new settings`, "settings");
      onBack();
    } catch (error) {
      const { faults, message } = asRefusal(error);
      setFaults(faults.length > 0 ? placeFaults(fields, faults) : { at: {}, rest: message });
      setSaving(false);
    }
    void model.load();
  }

  return (
    <form ref={form} class="form settings" onSubmit={(event) => void save(event)} noValidate>
      <p class="soft">When they are saved, the plugin stops and starts anew with them.</p>
      {fields.map((field) => (
        <SettingControl
          key={field.name}
          field={field}
          value={draft[field.name]!}
          fault={faults.at[field.name]}
          onValue={(value) => setDraft((draft) => ({ ...draft, [field.name]: value }))}
        />
      ))}
      {faults.rest !== undefined && <Fault text={faults.rest} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onBack}>Back</button>
        <button type="submit" class="button primary" disabled={saving}>
          {saving ? "Starting anew …" : "Save"}
        </button>
      </div>
    </form>
  );
}
