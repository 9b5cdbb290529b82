import type { Json } from "../../../core/json.ts";
import {
  bound,
  type Choice,
  choicesOf,
  isObject,
  isPlainObject,
  type Schema,
  withoutNull,
} from "./setting_schema.ts";
import { hintOf, inWords } from "./setting_words.ts";

/** One setting as a form has it; a setting for which there is no simpler way is text in JSON. */
export interface SettingField {
  /** As refusals call it, such as `motion.sensitivity`; empty where it is all settings in one. */
  name: string;
  /** What it is called in the object that holds it. */
  key: string;
  label: string;
  hint: string | undefined;
  kind: "text" | "number" | "switch" | "choice" | "lines" | "json" | "week" | "group" | "drawn";
  secret: boolean;
  /** Whether `null` is a value of it. */
  nullable: boolean;
  /** Whether it can be left out, and then has its default or none. */
  optional: boolean;
  /** Its default, where it has one. */
  preset: Json | undefined;
  integer: boolean;
  /** Of a number; of text, how many characters. */
  min: number | undefined;
  max: number | undefined;
  choices: Choice[];
  /** Drafts of settings beside it; only while each of them is one of these the form has it. */
  when: { name: string; among: (string | boolean)[] }[];
  /** Those in a group. */
  fields: SettingField[];
}

/** What can be opened, for settings that name it. */
export interface Door {
  id: string;
  name: string;
}

interface Place {
  /** In front of the names here, such as `motion.`. */
  prefix: string;
  doors: readonly Door[];
  /** The object that is to hold them is not there yet. */
  fresh: boolean;
}

type Shape = Pick<SettingField, "kind" | "nullable" | "integer" | "min" | "max" | "choices" | "fields">;

/** Of what the panel's log masks, what nobody should read over a shoulder; where a file with it lies is none. */
const SECRET_NAME = /(token|secret|password|passphrase|private)(?!.*(file|path)$)/i;
const WHOLE = { label: "Settings", hint: "In JSON." };

/** What a form for these settings has, in the order of their schema; none where there is nothing to set. */
export function fieldsOf(schema: Json, values: Json, doors: readonly Door[] = []): SettingField[] {
  if (!isObject(schema) || !isObject(values)) return [];
  const place = { prefix: "", doors, fresh: false };
  if (isObject(schema.properties)) return fieldsIn(schema, values, place);
  const isOpen = ["anyOf", "oneOf", "allOf", "$ref"].some((key) => key in schema) ||
    Object.keys(values).length > 0;
  return isOpen ? [{ ...fieldOf("", {}, values, true, place), ...WHOLE }] : [];
}

/** Whether it can be without a value, as which it is switched off. */
export function isSwitchable({ kind, nullable, optional, preset }: SettingField): boolean {
  return (kind === "group" || kind === "week") && (nullable || (optional && preset === undefined));
}

/** All of them, those in groups after their group. */
export function flat(fields: readonly SettingField[]): SettingField[] {
  return fields.flatMap((field) => [field, ...flat(field.fields)]);
}

function fieldsIn({ properties, required }: Schema, values: Schema, place: Place): SettingField[] {
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([key, property]) =>
    fieldOf(key, isObject(property) ? property : {}, values[key], needed.includes(key), place)
  );
}

function fieldOf(
  key: string,
  schema: Schema,
  value: Json | undefined,
  required: boolean,
  place: Place,
): SettingField {
  const name = `${place.prefix}${key}`;
  const preset = schema.default;
  const optional = preset !== undefined || !required;
  const told = shapeOf(schema, value, { name, mayLack: optional && preset === undefined, place });
  const shape = place.fresh || fits(told, value) ? told : { ...told, kind: "json" as const, fields: [] };
  const { title, description } = schema;
  // What it is unless changed need not be said where it is just that.
  const elsewise = place.fresh || value === preset ? undefined : preset;
  return {
    ...shape,
    name,
    key,
    label: typeof title === "string" ? title : inWords(key),
    hint: hintOf(shape, typeof description === "string" ? description : "", elsewise),
    secret: shape.kind === "text" && (SECRET_NAME.test(key) || schema.format === "password"),
    optional,
    preset,
    when: whenOf(schema["x-when"], place.prefix),
  };
}

interface About {
  name: string;
  /** Whether it can be without any value. */
  mayLack: boolean;
  place: Place;
}

function shapeOf(schema: Schema, value: Json | undefined, { name, mayLack, place }: About): Shape {
  const { inner, nullable } = withoutNull(schema);
  const { type, minimum, maximum, minLength, maxLength, items } = inner;
  const plain: Shape = {
    kind: "json",
    nullable,
    integer: false,
    min: undefined,
    max: undefined,
    choices: [],
    fields: [],
  };
  switch (inner["x-control"]) {
    case "week":
      return { ...plain, kind: "week" };
    case "picture":
      return { ...plain, kind: "drawn" };
    case "access-point":
      if (place.doors.length > 0) return { ...plain, kind: "choice", choices: doorsOf(place.doors, value) };
  }
  const choices = choicesOf(inner);
  if (choices) return { ...plain, kind: "choice", choices };
  switch (type) {
    case "string":
      return { ...plain, kind: "text", min: bound(minLength), max: bound(maxLength) };
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
        ? { ...plain, kind: "choice", choices: choicesOf({ enum: [true, false] })! }
        : { ...plain, kind: "switch" };
    case "array":
      return isObject(items) && items.type === "string" ? { ...plain, kind: "lines" } : plain;
    case "object": {
      if (!isPlainObject(inner)) return plain;
      const within = { ...place, prefix: `${name}.`, fresh: !isObject(value) };
      return { ...plain, kind: "group", fields: fieldsIn(inner, isObject(value) ? value : {}, within) };
    }
    default:
      return plain;
  }
}

/** Also what is set now, where it is none of them. */
function doorsOf(doors: readonly Door[], value: Json | undefined): Choice[] {
  const choices: Choice[] = doors.map(({ id, name }) => ({ value: id, text: name }));
  const isOther = typeof value === "string" && !doors.some(({ id }) => id === value);
  return isOther ? [...choices, { value, text: value }] : choices;
}

function whenOf(when: Json | undefined, prefix: string): SettingField["when"] {
  if (!isObject(when)) return [];
  return Object.entries(when).map(([key, values]) => ({
    name: `${prefix}${key}`,
    // A choice's draft is JSON, a switch's is whether it is on.
    among: [values].flat().flatMap((value) =>
      typeof value === "boolean" ? [value, String(value)] : [JSON.stringify(value)]
    ),
  }));
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
      return choices.some((choice) => choice.value === value);
    case "lines":
      return Array.isArray(value) && value.every((line) => typeof line === "string" && !line.includes("\n"));
    case "week":
      return isObject(value) && Array.isArray(value.windows);
    case "group":
      return isObject(value);
    case "drawn":
    case "json":
      return true;
  }
}
