import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./icons.tsx";

export interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** What is wrong with it, where something is. */
  fault?: string | undefined;
  /** Draws the control with this id and these attributes. */
  children(control: { "id": string; "aria-describedby": string; "aria-invalid": boolean }): ComponentChildren;
}

/** A labelled control with its hint and its fault. */
export function Field({ label, hint, fault, children }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ "id": id, "aria-describedby": `${id}-hint`, "aria-invalid": fault !== undefined })}
      <div id={`${id}-hint`}>
        {hint !== undefined && <p class="hint">{hint}</p>}
        {fault !== undefined && <Fault text={fault} />}
      </div>
    </div>
  );
}

export interface NameFieldProps extends Omit<FieldProps, "children"> {
  value: string;
  /** Whose name browsers may offer; nobody's unless told. */
  autocomplete?: "given-name" | "off";
  onValue(value: string): void;
}

/** What somebody or something is called. */
export function NameField({ value, autocomplete = "off", onValue, ...field }: NameFieldProps): JSX.Element {
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          class="input"
          maxLength={60}
          autocomplete={autocomplete}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function Fault({ text }: { text: string }): JSX.Element {
  return (
    <p class="fault" role="alert">
      <Icon name="warning" size={20} />
      <span>{text}</span>
    </p>
  );
}

export interface SwitchProps {
  label: string;
  on: boolean;
  disabled?: boolean;
  /** The id of what says more about it. */
  describedBy?: string;
  onChange(on: boolean): void;
}

export function Switch({ label, on, disabled = false, describedBy, onChange }: SwitchProps): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={on}
      aria-describedby={describedBy}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <span class="track" aria-hidden="true">
        <span class="knob" />
      </span>
      {label}
    </button>
  );
}

export interface ChoiceProps {
  kind: "radio" | "checkbox";
  name: string;
  label: string;
  hint?: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

export function Choice({ kind, name, label, hint, checked, onChange }: ChoiceProps): JSX.Element {
  return (
    <label class="choice">
      <input
        type={kind}
        name={name}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
      {hint !== undefined && <span class="hint">{hint}</span>}
    </label>
  );
}
