import type { Json } from "../../../core/json.ts";

/** One setting as a form has it; a setting for which there is no simpler way is text in JSON. */
export interface SettingField {
  /** Empty where it is all settings in one. */
  name: string;
  label: string;
  hint: string | undefined;
  kind: "text" | "number" | "switch" | "choice" | "lines" | "json";
  secret: boolean;
  /** Whether `null` is a value of it. */
  nullable: boolean;
  /** Whether it can be left out, and then has its default or none. */
  optional: boolean;
  hasDefault: boolean;
  integer: boolean;
  min: number | undefined;
  max: number | undefined;
  choices: Json[];
}

type Schema = { [key: string]: Json };
type Shape = Pick<SettingField, "kind" | "nullable" | "integer" | "min" | "max" | "choices">;

/** Of what the panel's log masks, what nobody should read over a shoulder. */
const SECRET_NAME = /token|secret|password|passphrase|private/i;
const WHOLE = { label: "Settings", hint: "In JSON." };

/** What a form for these settings has, in the order of their schema; none where there is nothing to set. */
export function fieldsOf(schema: Json, values: Json): SettingField[] {
  if (!isObject(schema) || !isObject(values)) return [];
  const { properties, required } = schema;
  if (!isObject(properties)) {
    const isOpen = ["anyOf", "oneOf", "allOf", "$ref"].some((key) => key in schema) ||
      Object.keys(values).length > 0;
    return isOpen ? [{ ...fieldOf("", {}, values, true), ...WHOLE }] : [];
  }
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, isObject(property) ? property : {}, values[name], needed.includes(name))
  );
}

/** A setting's name in words: `holdOpen` is "Hold open". */
export function inWords(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`)
    .replace(/[_-]+/g, " ").trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

export function choiceText(choice: Json): string {
  if (typeof choice === "boolean") return choice ? "Yes" : "No";
  return String(choice);
}

function fieldOf(name: string, schema: Schema, value: Json | undefined, required: boolean): SettingField {
  const hasDefault = "default" in schema;
  const optional = hasDefault || !required;
  const told = shapeOf(schema, optional && !hasDefault);
  const shape = fits(told, value) ? told : { ...told, kind: "json" as const };
  const { title, description } = schema;
  return {
    ...shape,
    name,
    label: typeof title === "string" ? title : inWords(name),
    hint: hintOf(shape, typeof description === "string" ? description : "", schema.default),
    secret: shape.kind === "text" && SECRET_NAME.test(name),
    optional,
    hasDefault,
  };
}

/** @param mayLack whether it can be without any value */
function shapeOf(schema: Schema, mayLack: boolean): Shape {
  const { inner, nullable } = withoutNull(schema);
  const { type, minimum, maximum, items } = inner;
  const plain: Shape = {
    kind: "json",
    nullable,
    integer: false,
    min: undefined,
    max: undefined,
    choices: [],
  };
  const choices = choicesOf(inner);
  if (choices) return { ...plain, kind: "choice", choices };
  switch (type) {
    case "string":
      return { ...plain, kind: "text" };
    case "integer":
    case "number":
      return {
        ...plain,
        kind: "number",
        integer: type === "integer",
        min: bound(minimum),
        max: bound(maximum),
      };
    case "boolean":
      return nullable || mayLack
        ? { ...plain, kind: "choice", choices: [true, false] }
        : { ...plain, kind: "switch" };
    case "array":
      return isObject(items) && items.type === "string" ? { ...plain, kind: "lines" } : plain;
    default:
      return plain;
  }
}

function withoutNull(schema: Schema): { inner: Schema; nullable: boolean } {
  const { type, anyOf, ...rest } = schema;
  if (Array.isArray(type)) {
    const others = type.filter((each) => each !== "null");
    if (others.length === 1) {
      return { inner: { ...rest, type: others[0]! }, nullable: others.length < type.length };
    }
  }
  if (Array.isArray(anyOf)) {
    const others = anyOf.filter((each) => !isObject(each) || each.type !== "null");
    const nullable = others.length < anyOf.length;
    const [only] = others;
    if (others.length === 1 && isObject(only)) return { inner: { ...rest, ...only }, nullable };
    return { inner: { ...rest, anyOf: others }, nullable };
  }
  return { inner: schema, nullable: false };
}

function choicesOf(schema: Schema): Json[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  if (Array.isArray(schema.enum)) return schema.enum;
  const either = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(either)) return undefined;
  const all = either.map((each) => isObject(each) ? choicesOf(each) : undefined);
  return all.every((each) => each !== undefined) ? all.flat() : undefined;
}

/** Whether what is set now can be shown so, and nothing of it is lost. */
function fits({ kind, nullable, choices }: Shape, value: Json | undefined): boolean {
  if (value === undefined || (value === null && nullable)) return kind !== "switch";
  switch (kind) {
    case "text":
      return typeof value === "string" && !value.includes("\n");
    case "number":
      return typeof value === "number";
    case "switch":
      return typeof value === "boolean";
    case "choice":
      return choices.includes(value);
    case "lines":
      return Array.isArray(value) && value.every((line) => typeof line === "string" && !line.includes("\n"));
    case "json":
      return true;
  }
}

function hintOf(
  { kind, min, max }: Shape,
  description: string,
  preset: Json | undefined,
): string | undefined {
  const said = description.trim();
  const all = [said === "" || /[.!?…]$/.test(said) ? said : `${said}.`];
  const range = rangeOf(min, max);
  if (range !== undefined) all.push(`${range}.`);
  if (kind === "lines") all.push("One per line.");
  if (kind === "json") all.push("In JSON.");
  if (kind !== "switch" && kind !== "json" && preset !== undefined && isShort(preset)) {
    all.push(`Unless changed: ${choiceText(preset)}.`);
  }
  return all.filter(Boolean).join(" ") || undefined;
}

/** What a number may be, in words; undefined where it may be any. */
export function rangeOf(min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}`;
  if (min !== undefined) return `At least ${min}`;
  return max === undefined ? undefined : `At most ${max}`;
}

/** What zod says of every whole number is no limit that anybody has set. */
function bound(value: Json | undefined): number | undefined {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

function isShort(value: Json): boolean {
  return typeof value !== "object" && value !== "";
}

export function isObject(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
