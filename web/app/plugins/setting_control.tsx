import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Fault, Field, Switch } from "../../lib/ui/fields.tsx";
import { choiceText, type SettingField } from "./settings_fields.ts";

export interface SettingControlProps {
  field: SettingField;
  value: string | boolean;
  fault: string | undefined;
  onValue(value: string | boolean): void;
}

/** One setting with what its kind is set by. */
export function SettingControl(props: SettingControlProps): JSX.Element {
  const { field, value, fault, onValue } = props;
  const { label, hint } = field;
  if (typeof value === "boolean") return <SettingSwitch {...props} on={value} />;
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(control) => {
        const shared = {
          ...control,
          value,
          onInput: (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value),
        };
        switch (field.kind) {
          case "choice":
            return (
              <select {...shared} class="input">
                {(value === "" || field.nullable || field.optional && !field.hasDefault) && (
                  <option value="">Not set</option>
                )}
                {field.choices.map((choice) => (
                  <option key={String(choice)} value={JSON.stringify(choice)}>{choiceText(choice)}</option>
                ))}
              </select>
            );
          case "lines":
          case "json":
            return (
              <textarea
                {...shared}
                class={field.kind === "json" ? "input is-json" : "input"}
                rows={Math.min(10, Math.max(3, value.split("\n").length))}
                spellcheck={false}
              />
            );
          case "number":
            return (
              <input {...shared} class="input input-short" inputMode={keysOf(field)} autocomplete="off" />
            );
          default:
            return field.secret
              ? <input {...shared} class="input" type="password" autocomplete="new-password" />
              : <input {...shared} class="input" autocomplete="off" />;
        }
      }}
    </Field>
  );
}

function SettingSwitch({ field, on, fault, onValue }: SettingControlProps & { on: boolean }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <Switch label={field.label} on={on} describedBy={id} onChange={onValue} />
      <div id={id}>
        {field.hint !== undefined && <p class="hint">{field.hint}</p>}
        {fault !== undefined && <Fault text={fault} />}
      </div>
    </div>
  );
}

/** Keys for digits have no minus on some phones. */
function keysOf({ min, integer }: SettingField): "text" | "numeric" | "decimal" {
  if (min === undefined || min < 0) return "text";
  return integer ? "numeric" : "decimal";
}
