import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { Switch } from "../../lib/ui/fields.tsx";
import { isSwitchable, type SettingField } from "./settings_fields.ts";

export interface GroupProps {
  field: SettingField;
  on: boolean;
  onTurn(on: boolean): void;
  children: ComponentChildren;
}

/** Settings that belong together; those that may be left out as a whole have a switch. */
export function Group({ field, on, onTurn, children }: GroupProps): JSX.Element {
  const id = useId();
  const { label, hint } = field;
  const described = hint === undefined ? {} : { "aria-describedby": id };
  return (
    <fieldset class="setting-group" {...described}>
      {isSwitchable(field)
        ? (
          <>
            <legend class="quiet">{label}</legend>
            <Switch label={label} on={on} onChange={onTurn} />
          </>
        )
        : <legend>{label}</legend>}
      {hint !== undefined && <p id={id} class="hint">{hint}</p>}
      {children}
    </fieldset>
  );
}
