import { z } from "zod";
import { type Fault, LatchkeyError } from "./errors.ts";
import type { Json } from "./json.ts";
import { isSecretName } from "./log.ts";

const SHOWN = 60;
const UNKNOWN = "Unknown field";

/** What was given, short enough for a message and without what its fields' names or an address give away. */
export function shown(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  const text = typeof value === "string"
    ? withoutLogin(value)
    : JSON.stringify(value, masked) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** A zod error as faults: the field, what was given there, what is allowed. */
export function faultsOf(error: z.ZodError, input: unknown, prefix = ""): Fault[] {
  return error.issues.flatMap((issue) => {
    const place = (path: PropertyKey[]) => [prefix, ...path.map(String)].filter(Boolean).join(".");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        field: place([...issue.path, key]),
        value: shownAt(input, [...issue.path, key]),
        message: issue.message.startsWith(UNKNOWN) ? issue.message : UNKNOWN,
      }));
    }
    return [{
      field: place(issue.path),
      value: shownAt(input, issue.path),
      message: issue.message,
    }];
  });
}

/**
 * What `schema` makes of `input`.
 * @throws {LatchkeyError} `code`, with every fault
 */
export function parseOr<T>(schema: z.ZodType<T>, input: unknown, code: string, prefix = ""): T {
  const result = schema.safeParse(input, { error: unknownField });
  if (result.success) return result.data;
  const faults = faultsOf(result.error, input, prefix);
  throw new LatchkeyError(code, describeFaults(faults), { faults });
}

/** Says which fields there are where zod only says which there are not. */
function unknownField({ code, inst }: z.core.$ZodRawIssue): string | undefined {
  if (code !== "unrecognized_keys" || !(inst instanceof z.ZodObject)) return undefined;
  const known = Object.keys(inst.shape);
  return known.length > 0 ? `${UNKNOWN}; there is ${known.join(", ")}` : UNKNOWN;
}

/** Faults as one sentence for a terminal or a log. */
export function describeFaults(faults: Fault[]): string {
  return faults.map(({ field, value, message }) => {
    const given = value === undefined ? "" : ` (given: ${JSON.stringify(value)})`;
    return `${field || "value"}: ${message}${given}`;
  }).join("; ");
}

function shownAt(input: unknown, path: readonly PropertyKey[]): Json {
  return shown(masked(String(path.at(-1) ?? ""), at(input, path)));
}

function masked(name: string, value: unknown): unknown {
  if (isSecretName(name) && value !== undefined) return "[hidden]";
  return typeof value === "string" ? withoutLogin(value) : value;
}

/** User and password are hidden in an address, such as that of a camera, also where they are what is wrong with it. */
function withoutLogin(text: string): string {
  const from = text.indexOf(":");
  const to = text.lastIndexOf("@");
  return from === -1 || to < from ? text : `${text.slice(0, from)}:[hidden]${text.slice(to)}`;
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
