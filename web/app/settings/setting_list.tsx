import type { JSX } from "preact";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { SettingControl } from "./setting_control.tsx";
import { Group } from "./setting_group.tsx";
import { SettingWeek } from "./setting_week.tsx";
import type { SettingsDraft } from "./settings_draft.ts";
import type { SettingField } from "./settings_fields.ts";

export interface SettingListProps {
  fields: readonly SettingField[];
  draft: SettingsDraft;
  /** By the field's name. */
  faults: Record<string, string>;
  onValue(name: string, value: string | boolean): void;
}

/** Settings in the order of their schema, without those that what is set beside them makes idle. */
export function SettingList(props: SettingListProps): JSX.Element {
  const { fields, draft, faults, onValue } = props;
  const due = fields.filter((field) => isDue(field, draft, faults));
  const drawn = due.filter(({ kind }) => kind === "drawn");
  return (
    <>
      {due.map((field) => {
        const { name, kind } = field;
        const value = draft[name];
        const shared = {
          field,
          fault: faults[name],
          onValue: (value: string | boolean) => onValue(name, value),
        };
        if (kind === "group") return <SettingGroup key={name} {...props} field={field} />;
        if (kind === "week" && typeof value === "string") {
          return <SettingWeek key={name} {...shared} value={value} />;
        }
        // Named below.
        if (value === undefined) return null;
        return <SettingControl key={name} {...shared} value={value} />;
      })}
      {drawn.length > 0 && <Drawn fields={drawn} faults={faults} />}
    </>
  );
}

/** What is set elsewhere is named here all the same: who looks for it finds the way. */
function Drawn({ fields, faults }: Pick<SettingListProps, "fields" | "faults">): JSX.Element {
  return (
    <div class="field">
      <p class="notice">
        <Icon name="camera" />
        <span>
          Set at the live picture, by the buttons below it:{" "}
          <strong>{fields.map(({ label }) => label).join(", ")}</strong>.
        </span>
      </p>
      {fields.map(({ name }) => faults[name] !== undefined && <Fault key={name} text={faults[name]} />)}
    </div>
  );
}

function SettingGroup({ field, ...props }: SettingListProps & { field: SettingField }): JSX.Element {
  const { draft, faults, onValue } = props;
  const { name, fields } = field;
  const on = draft[name] !== false;
  return (
    <Group field={field} on={on} onTurn={(on) => onValue(name, on)}>
      {on && <SettingList {...props} fields={fields} />}
      {faults[name] !== undefined && <Fault text={faults[name]} />}
    </Group>
  );
}

/** What is wrong is in sight wherever it is. */
function isDue({ name, when }: SettingField, draft: SettingsDraft, faults: Record<string, string>): boolean {
  return name in faults || when.every(({ name, among }) => among.includes(draft[name] ?? ""));
}
