import type { JSX } from "preact";
import { Choice, Field } from "../../lib/ui/fields.tsx";

export interface UntilFormProps {
  ends: boolean;
  /** As `<input type="datetime-local">` has it. */
  until: string;
  onChange(change: { ends?: boolean; until?: string }): void;
}

/** Whether somebody's access ends by itself, and when. */
export function UntilForm({ ends, until, onChange }: UntilFormProps): JSX.Element {
  return (
    <>
      <Choice
        kind="checkbox"
        name="ends"
        label="Ends by itself on a certain day"
        checked={ends}
        onChange={(ends) => onChange({ ends })}
      />
      {ends && (
        <Field label="Until">
          {(control) => (
            <input
              {...control}
              class="input"
              type="datetime-local"
              value={until}
              onInput={(event) => onChange({ until: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
