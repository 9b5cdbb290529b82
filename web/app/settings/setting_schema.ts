import type { Json } from "../../../core/json.ts";

/** A JSON Schema, or any other object. */
export type Schema = { [key: string]: Json };

export interface Choice {
  value: Json;
  text: string;
}

export function isObject(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a schema says beside `null`, and whether `null` is a value of it. */
export function withoutNull(schema: Schema): { inner: Schema; nullable: boolean } {
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

/** What a schema lets one choose from, by its own names where it has some; undefined where it is no choice. */
export function choicesOf(schema: Schema): Choice[] | undefined {
  const values = valuesOf(schema);
  const names = schema["x-names"];
  return values?.map((value) => {
    const name = isObject(names) ? names[String(value)] : undefined;
    return { value, text: typeof name === "string" ? name : plainText(value) };
  });
}

/** Whether all that it may hold is in its `properties`. */
export function isPlainObject({ type, properties, additionalProperties = false }: Schema): boolean {
  return type === "object" && isObject(properties) && Object.keys(properties).length > 0 &&
    additionalProperties === false;
}

/** What zod says of every whole number is no limit that anybody has set. */
export function bound(value: Json | undefined): number | undefined {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

function valuesOf(schema: Schema): Json[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  if (Array.isArray(schema.enum)) return schema.enum;
  const either = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(either)) return undefined;
  const all = either.map((each) => isObject(each) ? valuesOf(each) : undefined);
  return all.every((each) => each !== undefined) ? all.flat() : undefined;
}

function plainText(value: Json): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return String(value);
}
