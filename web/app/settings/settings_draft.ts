import type { WeekSchedule } from "../../../core/access/week.ts";
import type { Json } from "../../../core/json.ts";
import type { FieldFault } from "../../lib/api/problem.ts";
import { weekFault } from "../terms/terms_draft.ts";
import { isObject, type Schema } from "./setting_schema.ts";
import { rangeOf } from "./setting_words.ts";
import { flat, isSwitchable, type SettingField } from "./settings_fields.ts";

/**
 * What a form holds: text as it was typed, by the field's name; of a switch, and of a group that may be left out, whether
 * it is on; of the times of a week their JSON, empty where they are off.
 */
export type SettingsDraft = Record<string, string | boolean>;

/** Faults by the field's name, and what is at no field of the form. */
export interface PlacedFaults {
  at: Record<string, string>;
  rest: string | undefined;
}

/** What has become of a form, and where what is wrong with it is kept. */
interface Change {
  draft: SettingsDraft;
  was: SettingsDraft;
  faults: Record<string, string>;
}

export function draftOf(fields: readonly SettingField[], values: Json | undefined): SettingsDraft {
  const draft: SettingsDraft = {};
  for (const field of fields) {
    const value = valueAt(field, values);
    if (field.kind === "group") {
      if (isSwitchable(field)) draft[field.name] = isObject(value);
      Object.assign(draft, draftOf(field.fields, isObject(value) ? value : undefined));
    } else if (field.kind !== "drawn") {
      draft[field.name] = textOf(field, value);
    }
  }
  return draft;
}

/** Whether somebody has changed anything in it. */
export function isChanged(fields: readonly SettingField[], draft: SettingsDraft, before: Json): boolean {
  const was = draftOf(fields, before);
  return fields.some((field) => isTouched(field, draft, was));
}

/**
 * The settings that a form stands for. What nobody has touched in it is as in `onto`, what the form does not know as well.
 * @param before what the form was made of
 * @param onto what is in force now, which somebody else may have changed meanwhile
 * @returns or what is wrong, by the field's name
 */
export function settingsOf(
  fields: readonly SettingField[],
  draft: SettingsDraft,
  before: Json,
  onto: Json = before,
): { values: Json } | { faults: Record<string, string> } {
  const faults: Record<string, string> = {};
  const change = { draft, was: draftOf(fields, before), faults };
  const values = applied(change, fields, isObject(onto) ? onto : {});
  return Object.keys(faults).length > 0 ? { faults } : { values };
}

/** Puts what the panel has refused at the field it is about, or at what holds that. */
export function placeFaults(fields: readonly SettingField[], faults: readonly FieldFault[]): PlacedFaults {
  const at: Record<string, string> = {};
  const rest: string[] = [];
  const all = flat(fields);
  for (const { field, message } of faults) {
    const own = all.find(({ name }) => name === field) ??
      all.findLast(({ name }) => name === "" || field.startsWith(`${name}.`));
    const inside = field.slice(own && own.name !== "" ? own.name.length + 1 : 0);
    const said = inside === "" ? capital(message) : `${inside}: ${message}`;
    if (own) at[own.name] = own.name in at ? `${at[own.name]}; ${said}` : said;
    else rest.push(said);
  }
  return { at, rest: rest.length > 0 ? rest.join("; ") : undefined };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** @param onto what is set now; undefined where nothing of it is */
function applied(change: Change, fields: readonly SettingField[], onto: Schema | undefined): Schema {
  let values = { ...onto };
  for (const field of fields) {
    const { name, key, kind, optional } = field;
    const isKept = !isTouched(field, change.draft, change.was) && (onto !== undefined || optional);
    if (kind === "drawn" || isKept) continue;
    try {
      const value = kind === "group"
        ? within(change, field, values[key])
        : valueOf(field, change.draft[name] ?? "");
      if (name === "") values = wholeOf(value);
      else if (value === undefined) delete values[key];
      else values[key] = value;
    } catch (error) {
      change.faults[name] = (error as Error).message;
    }
  }
  return values;
}

function within(change: Change, { name, nullable, fields }: SettingField, now: Json | undefined) {
  if (change.draft[name] === false) return nullable ? null : undefined;
  return applied(change, fields, isObject(now) ? now : undefined);
}

function isTouched({ name, fields }: SettingField, draft: SettingsDraft, was: SettingsDraft): boolean {
  if (draft[name] !== was[name]) return true;
  return draft[name] !== false && fields.some((field) => isTouched(field, draft, was));
}

function valueAt({ name, key, preset }: SettingField, values: Json | undefined): Json | undefined {
  if (name === "") return values;
  if (values === undefined) return preset;
  return isObject(values) ? values[key] : undefined;
}

function textOf({ kind }: SettingField, value: Json | undefined): string | boolean {
  if (kind === "switch") return value === true;
  if (kind === "json") return value === undefined ? "" : JSON.stringify(value, null, 2);
  if (value === undefined || value === null) return "";
  if (kind === "choice" || kind === "week") return JSON.stringify(value);
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** Undefined: it is left out. */
function valueOf(field: SettingField, given: string | boolean): Json | undefined {
  if (typeof given === "boolean") return given;
  const { kind, nullable, optional, preset, min = 0, max = Infinity } = field;
  const mustHave = preset !== undefined || !optional;
  if (given.trim() === "") {
    if (nullable && kind !== "json") return null;
    if (kind === "text" && mustHave && min === 0) return "";
    if (kind === "lines" && mustHave) return [];
    if (optional && !(kind === "text" && mustHave)) return undefined;
    throw new Error("It can’t be left empty");
  }
  switch (kind) {
    case "number":
      return numberOf(field, given);
    case "lines":
      return given.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    case "choice":
      return JSON.parse(given) as Json;
    case "week":
      return weekOf(given);
    case "json":
      return jsonOf(given);
    default:
      if (given.length <= max) return given;
      throw new Error(`At most ${max} characters, and not ${given.length}`);
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

function weekOf(given: string): Json {
  const fault = weekFault((JSON.parse(given) as WeekSchedule).windows);
  if (fault !== undefined) throw new Error(fault);
  return JSON.parse(given) as Json;
}

function jsonOf(given: string): Json {
  try {
    return JSON.parse(given) as Json;
  } catch (error) {
    throw new Error(`This is no JSON: ${(error as Error).message}`);
  }
}

function wholeOf(value: Json | undefined): Schema {
  if (isObject(value)) return value;
  throw new Error("An object in braces is needed, such as {}");
}
