/// <reference lib="dom" />
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { asRefusal } from "../../lib/api/problem.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { SettingList } from "./setting_list.tsx";
import type { PluginSettings, SettingsApi } from "./settings_api.ts";
import { draftOf, isChanged, type PlacedFaults, placeFaults, settingsOf } from "./settings_draft.ts";
import { type Door, fieldsOf } from "./settings_fields.ts";

export interface SettingsFormProps {
  api: SettingsApi;
  settings: PluginSettings;
  /** What there is to open, for settings that name it. */
  doors: readonly Door[];
  /** What a save does to what runs. */
  effect: string;
  /** What the way out without a save is called. */
  back: string;
  onBack(): void;
  /** After each try to save. */
  onTried?(): void;
}

const NONE: PlacedFaults = { at: {}, rest: undefined };

/** A plugin's settings, as its schema describes them. */
export function SettingsForm(
  { api, settings, doors, effect, back, onBack, onTried }: SettingsFormProps,
): JSX.Element {
  const { plugin, title, schema, values } = settings;
  const fields = useMemo(() => fieldsOf(schema, values, doors), [settings]);
  const [draft, setDraft] = useState(() => draftOf(fields, values));
  const [faults, setFaults] = useState(NONE);
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const at = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (at) at.focus();
    else form.current?.querySelector(".fault")?.scrollIntoView({ block: "center" });
  }, [faults]);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    if (saving) return;
    if (!isChanged(fields, draft, values)) return onBack();
    setSaving(true);
    setFaults(NONE);
    try {
      // What somebody else has changed since this form was opened stays.
      const now = await api.of(plugin);
      const made = settingsOf(fields, draft, values, now?.values);
      if ("faults" in made) {
        setFaults({ at: made.faults, rest: undefined });
        return setSaving(false);
      }
      await api.change(plugin, made.values);
      say(`The new settings of ${title} are in force`, "settings");
      onBack();
    } catch (error) {
      const { faults, message } = asRefusal(error);
      setFaults(faults.length > 0 ? placeFaults(fields, faults) : { at: {}, rest: message });
      setSaving(false);
    }
    onTried?.();
  }

  return (
    <form ref={form} class="form settings" onSubmit={(event) => void save(event)} noValidate>
      <p class="soft">{effect}</p>
      <SettingList
        fields={fields}
        draft={draft}
        faults={faults.at}
        onValue={(name, value) => setDraft((draft) => ({ ...draft, [name]: value }))}
      />
      {faults.rest !== undefined && <Fault text={faults.rest} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onBack}>{back}</button>
        <button type="submit" class="button primary" disabled={saving}>
          {saving ? "Starting anew …" : "Save"}
        </button>
      </div>
    </form>
  );
}
