import type { JSX } from "preact";
import { Fault } from "../../lib/ui/fields.tsx";
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
  return (
    <>
      {fields.filter((field) => isDue(field, draft, faults)).map((field) => {
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
        return <SettingControl key={name} {...shared} value={value} />;
      })}
    </>
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
