import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { WeekWindow } from "../../../core/access/model.ts";
import { Field } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { WEEKDAYS, windowText } from "../../lib/words/terms.ts";
import type { TermsDraft } from "./terms_draft.ts";

const MOST_WINDOWS = 32;
const ZONES = Intl.supportedValuesOf("timeZone");

type WeekDraft = Pick<TermsDraft, "windows" | "zone">;

export interface WeekFormProps {
  draft: WeekDraft;
  /** What is said of the time zone, where not the usual. */
  zoneHint?: string;
  onChange(change: Partial<WeekDraft>): void;
}

const ZONE_HINT = "The times follow this place’s clocks, summer time included.";

export function WeekForm({ draft, zoneHint = ZONE_HINT, onChange }: WeekFormProps): JSX.Element {
  const { windows, zone } = draft;
  const zones = useId();
  const change = (index: number, next: Partial<WeekWindow>) =>
    onChange({ windows: windows.map((window, at) => at === index ? { ...window, ...next } : window) });
  return (
    <div class="week">
      {windows.map((window, index) => (
        <Window
          key={index}
          window={window}
          onChange={(next) => change(index, next)}
          onRemove={windows.length > 1
            ? () => onChange({ windows: windows.filter((_, at) => at !== index) })
            : undefined}
        />
      ))}
      {windows.length < MOST_WINDOWS && (
        <button
          type="button"
          class="button plain"
          onClick={() => onChange({ windows: [...windows, { days: ["sat"], from: "10:00", to: "12:00" }] })}
        >
          <Icon name="plus" size={20} /> Another time
        </button>
      )}
      <Field label="Time zone" hint={zoneHint}>
        {(control) => (
          <>
            <input
              {...control}
              class="input"
              list={zones}
              value={zone}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => onChange({ zone: event.currentTarget.value })}
            />
            <datalist id={zones}>{ZONES.map((name) => <option key={name} value={name} />)}</datalist>
          </>
        )}
      </Field>
    </div>
  );
}

interface WindowProps {
  window: WeekWindow;
  onChange(change: Partial<WeekWindow>): void;
  onRemove: (() => void) | undefined;
}

function Window({ window, onChange, onRemove }: WindowProps): JSX.Element {
  const { days, from, to } = window;
  return (
    <fieldset class="window">
      <legend class="quiet">{windowText(window)}</legend>
      <div class="days">
        {WEEKDAYS.map(({ id, short, name }) => (
          <label class="day" key={id}>
            <input
              type="checkbox"
              checked={days.includes(id)}
              onChange={(event) =>
                onChange({
                  days: event.currentTarget.checked ? [...days, id] : days.filter((day) => day !== id),
                })}
            />
            <span aria-hidden="true">{short}</span>
            <span class="quiet">{name}</span>
          </label>
        ))}
      </div>
      <div class="window-times">
        <label>
          <span class="quiet">From</span>
          <input
            class="input"
            type="time"
            value={from}
            onInput={(event) => onChange({ from: event.currentTarget.value })}
          />
        </label>
        <span class="soft" aria-hidden="true">to</span>
        <label>
          <span class="quiet">To</span>
          <input
            class="input"
            type="time"
            value={to === "24:00" ? "00:00" : to}
            onInput={(event) => onChange({ to: event.currentTarget.value })}
          />
        </label>
        {onRemove && (
          <button
            type="button"
            class="button icon-only plain"
            aria-label={`Remove ${windowText(window)}`}
            onClick={onRemove}
          >
            <Icon name="trash" size={20} />
          </button>
        )}
      </div>
    </fieldset>
  );
}
