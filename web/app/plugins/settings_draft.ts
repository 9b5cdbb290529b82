import type { Json } from "../../../core/json.ts";
import type { FieldFault } from "../../lib/api/problem.ts";
import { isObject, rangeOf, type SettingField } from "./settings_fields.ts";

/** What a form holds: text as it was typed, by the field's name; of a switch, whether it is on. */
export type SettingsDraft = Record<string, string | boolean>;

/** Faults by the field's name, and what is at no field of the form. */
export interface PlacedFaults {
  at: Record<string, string>;
  rest: string | undefined;
}

export function draftOf(fields: readonly SettingField[], values: Json): SettingsDraft {
  return Object.fromEntries(fields.map((field) => [field.name, textOf(field, valueAt(field, values))]));
}

/**
 * The settings that a form stands for. What nobody has touched stays as it is, what the form does not know as well.
 * @returns or what is wrong, by the field's name
 */
export function settingsOf(
  fields: readonly SettingField[],
  draft: SettingsDraft,
  before: Json,
): { values: Json } | { faults: Record<string, string> } {
  const was = draftOf(fields, before);
  const faults: Record<string, string> = {};
  let values = isObject(before) ? { ...before } : {};
  for (const field of fields) {
    const { name } = field;
    const given = draft[name];
    if (given === undefined || given === was[name]) continue;
    try {
      const value = valueOf(field, given);
      if (name === "") values = wholeOf(value);
      else if (value === undefined) delete values[name];
      else values[name] = value;
    } catch (error) {
      faults[name] = (error as Error).message;
    }
  }
  return Object.keys(faults).length > 0 ? { faults } : { values };
}

/** Puts what the panel has refused at the field it is about. */
export function placeFaults(fields: readonly SettingField[], faults: readonly FieldFault[]): PlacedFaults {
  const at: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, message } of faults) {
    const own = fields.find(({ name }) => name === field) ??
      fields.find(({ name }) => name === "" || field.startsWith(`${name}.`));
    const inside = field.slice(own && own.name !== "" ? own.name.length + 1 : 0);
    const said = inside === "" ? message : `${inside}: ${message}`;
    if (own) at[own.name] = own.name in at ? `${at[own.name]}; ${said}` : said;
    else rest.push(said);
  }
  return { at, rest: rest.length > 0 ? rest.join("; ") : undefined };
}

function valueAt({ name }: SettingField, values: Json): Json | undefined {
  if (name === "") return values;
  return isObject(values) ? values[name] : undefined;
}

function textOf({ kind }: SettingField, value: Json | undefined): string | boolean {
  if (kind === "switch") return value === true;
  if (kind === "json") return value === undefined ? "" : JSON.stringify(value, null, 2);
  if (value === undefined || value === null) return "";
  if (kind === "choice") return JSON.stringify(value);
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** Undefined: it is left out. */
function valueOf(field: SettingField, given: string | boolean): Json | undefined {
  if (typeof given === "boolean") return given;
  const { kind, nullable, optional, hasDefault } = field;
  if (given.trim() === "") {
    if (nullable && kind !== "json") return null;
    if (kind === "text" && (hasDefault || !optional)) return "";
    if (kind === "lines" && (hasDefault || !optional)) return [];
    if (optional) return undefined;
    throw new Error("It can’t be left empty");
  }
  switch (kind) {
    case "number":
      return numberOf(field, given);
    case "lines":
      return given.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    case "choice":
      return JSON.parse(given) as Json;
    case "json":
      return jsonOf(given);
    default:
      return given;
  }
}

function numberOf({ integer, min, max }: SettingField, given: string): number {
  const number = Number(given.trim().replace(",", "."));
  if (!Number.isFinite(number)) throw new Error(`“${given.trim()}” is no number`);
  if (integer && !Number.isInteger(number)) throw new Error(`A whole number is needed, and not ${number}`);
  if (number < (min ?? -Infinity) || number > (max ?? Infinity)) {
    throw new Error(`${rangeOf(min, max)}, and not ${number}`);
  }
  return number;
}

function jsonOf(given: string): Json {
  try {
    return JSON.parse(given) as Json;
  } catch (error) {
    throw new Error(`This is no JSON: ${(error as Error).message}`);
  }
}

function wholeOf(value: Json | undefined): { [key: string]: Json } {
  if (isObject(value)) return value;
  throw new Error("An object in braces is needed, such as {}");
}
