import type { Json } from "../json.ts";
import { configJsonSchema, type SchemaNode } from "./json_schema.ts";
import type { PluginSchema } from "./schema.ts";
import { variableOf } from "./variable.ts";

/** One value that can be set by a flag or a variable. */
export interface Leaf {
  /** `["log", "level"]` */
  path: readonly string[];
  /** `log.level`, as a flag without its dashes. */
  name: string;
  /** `PANEL_LOG_LEVEL` */
  variable: string;
  schema: SchemaNode;
}

/** Every value of the configuration, in the order of its schema. */
export function configLeaves(plugins: readonly PluginSchema[]): Leaf[] {
  return leavesOf(configJsonSchema(plugins), []);
}

function leavesOf(schema: SchemaNode, path: readonly string[]): Leaf[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const fields = child.anyOf?.find((choice) => choice.properties);
    const own = [...path, key];
    const asWhole = child.properties ? [] : [leaf(own, child)];
    return [...asWhole, ...leavesOf(fields ?? child, own)];
  });
  return below;
}

function leaf(path: readonly string[], schema: SchemaNode): Leaf {
  return { path, name: path.join("."), variable: variableOf(path), schema };
}

/** What a word on the command line means where this schema expects a value; the word itself where it fits nothing. */
export function valueOf(word: string, schema: SchemaNode): unknown {
  const types = typesOf(schema);
  if ((types.has("number") || types.has("integer")) && /^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  if (types.has("boolean") && (word === "true" || word === "false")) return word === "true";
  if (types.has("null") && word === "null") return null;
  const structured = /^[[{]/.test(word) && (types.has("array") || types.has("object"));
  if (structured) return jsonOr(word);
  if (types.has("array")) return word === "" ? [] : word.split(",").map((item) => item.trim());
  return word;
}

/** What is allowed, for people: "a whole number from 5 to 120". */
export function allowed(schema: SchemaNode): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(allowed))].join(", or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.join(", ")}`;
  const { minimum, maximum, minLength, maxLength } = schema;
  switch (schema.type) {
    case "integer":
      return `a whole number${range(minimum, maximum)}`;
    case "number":
      return `a number${range(minimum, maximum)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `a list, each ${allowed(schema.items ?? {})}`;
    case "object":
      return "an object of fields";
    case "null":
      return "null";
    default:
      return minLength === undefined && maxLength === undefined
        ? "text"
        : `text of ${minLength ?? 0} to ${maxLength ?? "any number of"} characters`;
  }
}

function range(minimum?: number, maximum?: number): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return maximum === undefined ? "" : `, at most ${maximum}`;
}

function typesOf(schema: SchemaNode): Set<string> {
  const own = [schema.type ?? []].flat();
  const constant = schema.const === undefined ? [] : [typeof schema.const];
  return new Set([...own, ...constant, ...(schema.anyOf ?? []).flatMap((choice) => [...typesOf(choice)])]);
}

function jsonOr(word: string): Json {
  try {
    return JSON.parse(word);
  } catch {
    return word;
  }
}
