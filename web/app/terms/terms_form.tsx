import type { JSX } from "preact";
import type { AccessPointState } from "../../../core/access/keys.ts";
import { Choice, Field } from "../../lib/ui/fields.tsx";
import type { TermsDraft } from "./terms_draft.ts";
import { WeekForm } from "./week_form.tsx";

export interface TermsFormProps {
  draft: TermsDraft;
  accessPoints: AccessPointState[];
  /** Whether a person is meant, and not a card or a code. */
  ofPerson?: boolean;
  onChange(draft: TermsDraft): void;
}

const KINDS = [
  {
    kind: "always",
    label: "Always",
    hint: "No end. Opens even when the panel is not sure of the time.",
  },
  { kind: "period", label: "From – until", hint: "A first and a last moment, such as for a stay." },
  { kind: "weekly", label: "Weekly schedule", hint: "Certain days and hours, such as for help that comes." },
] as const;

/** When and what a card, a code or a guest opens. */
export function TermsForm({ draft, accessPoints, ofPerson = false, onChange }: TermsFormProps): JSX.Element {
  const set = (change: Partial<TermsDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <fieldset class="group">
        <legend>{ofPerson ? "When may they open?" : "When does it open?"}</legend>
        {KINDS.map(({ kind, label, hint }) => (
          <Choice
            key={kind}
            kind="radio"
            name="validity"
            label={label}
            hint={hint}
            checked={draft.kind === kind}
            onChange={() => set({ kind })}
          />
        ))}
        {draft.kind === "period" && <Period draft={draft} set={set} />}
        {draft.kind === "weekly" && <WeekForm draft={draft} onChange={set} />}
      </fieldset>
      <fieldset class="group">
        <legend>{ofPerson ? "What may they open?" : "What does it open?"}</legend>
        {accessPoints.map(({ id, name }) => (
          <Choice
            key={id}
            kind="checkbox"
            name={`opens-${id}`}
            label={name}
            checked={draft.accessPoints.includes(id)}
            onChange={(checked) =>
              set({
                accessPoints: checked
                  ? [...draft.accessPoints, id]
                  : draft.accessPoints.filter((known) => known !== id),
              })}
          />
        ))}
      </fieldset>
      <fieldset class="group">
        <legend>How often?</legend>
        <Choice
          kind="checkbox"
          name="limited"
          label="Only a number of times"
          checked={draft.limited}
          onChange={(limited) => set({ limited })}
        />
        {draft.limited && (
          <Field label="Uses left">
            {(control) => (
              <input
                {...control}
                class="input input-short"
                type="number"
                inputMode="numeric"
                min="0"
                max="1000000"
                value={draft.uses}
                onInput={(event) => set({ uses: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
      </fieldset>
    </>
  );
}

function Period({ draft, set }: { draft: TermsDraft; set(change: Partial<TermsDraft>): void }): JSX.Element {
  return (
    <div class="pair">
      {(["from", "until"] as const).map((end) => (
        <Field key={end} label={end === "from" ? "From" : "Until"}>
          {(control) => (
            <input
              {...control}
              class="input"
              type="datetime-local"
              value={draft[end]}
              onInput={(event) => set({ [end]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
