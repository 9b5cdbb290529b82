import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Fault, Field, Switch } from "../../lib/ui/fields.tsx";
import type { SettingField } from "./settings_fields.ts";

export interface SettingControlProps {
  field: SettingField;
  /** Its draft. */
  value: string | boolean;
  fault: string | undefined;
  onValue(value: string | boolean): void;
}

type Typed = SettingControlProps & { value: string };

/** One setting with what its kind is set by. */
export function SettingControl(props: SettingControlProps): JSX.Element {
  const { value } = props;
  if (typeof value === "boolean") return <SettingSwitch {...props} on={value} />;
  return <TypedSetting {...props} value={value} />;
}

function TypedSetting({ field, value, fault, onValue }: Typed): JSX.Element {
  return (
    <Field label={field.label} hint={field.hint} fault={fault}>
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
                {(value === "" || field.nullable || field.optional && field.preset === undefined) && (
                  <option value="">Not set</option>
                )}
                {field.choices.map(({ value, text }) => (
                  <option key={text} value={JSON.stringify(value)}>{text}</option>
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
            if (!field.secret) return <input {...shared} class="input" autocomplete="off" />;
            return <SecretInput {...shared} />;
        }
      }}
    </Field>
  );
}

interface SecretInputProps {
  "id": string;
  "aria-describedby": string;
  "aria-invalid": boolean;
  "value": string;
  "onInput": (event: { currentTarget: { value: string } }) => void;
}

/** Hidden, unless whoever types wants to see it. */
function SecretInput(props: SecretInputProps): JSX.Element {
  const [isSeen, see] = useState(false);
  const shared = { ...props, class: "input", autocapitalize: "off", spellcheck: false } as const;
  return (
    <div class="secret">
      {isSeen
        ? <input {...shared} type="text" autocomplete="off" />
        : <input {...shared} type="password" autocomplete="new-password" />}
      <button type="button" class="button plain" aria-pressed={isSeen} onClick={() => see(!isSeen)}>
        Show <span class="quiet">what is typed</span>
      </button>
    </div>
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
