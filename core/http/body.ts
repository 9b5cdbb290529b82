import { LatchkeyError } from "../errors.ts";

/** The most a request body may hold, bytes. */
export const BODY_LIMIT = 65_536;
/** Deeper JSON than this is nobody's settings: refused before a schema walks it. */
const DEEPEST = 32;

/**
 * The JSON body of a request; undefined where there is none.
 * @param isWhole whether all of it has come: a body whose sender was gone before it was read looks like none
 * @throws {LatchkeyError} `not-json` (415), `too-large` (413), `json-invalid`, `input-invalid`, `body-cut` (400)
 */
export async function readJson(request: Request, isWhole: () => boolean = () => true): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type !== null && !/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw notJson(type);
  }
  const coding = request.headers.get("content-encoding");
  if (coding !== null && coding.toLowerCase() !== "identity") throw notJson(`${coding} of it`);
  if (Number(request.headers.get("content-length") ?? 0) > BODY_LIMIT) throw tooLarge();
  const bytes = await readLimited(request);
  if (!isWhole()) throw brokenOff();
  if (bytes.length === 0) return undefined;
  if (type === null) throw notJson("");
  return parse(bytes);
}

function parse(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new LatchkeyError("json-invalid", "The body is not valid JSON in UTF-8");
  }
  assertHarmless(value, DEEPEST);
  return value;
}

async function readLimited(request: Request): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (let part = await next(reader); !part.done; part = await next(reader)) {
    size += part.value.length;
    if (size > BODY_LIMIT) {
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The sender may break off, or send what is none of HTTP: nothing that went wrong in the panel. */
async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (cause) {
    throw brokenOff(cause);
  }
}

/** A schema may pass `__proto__` over where it takes any name; nobody's field is called that. */
function assertHarmless(value: unknown, levels: number): void {
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) {
    throw new LatchkeyError("json-invalid", `The body is nested more than ${DEEPEST} levels deep`);
  }
  if (Object.hasOwn(value, "__proto__")) {
    throw new LatchkeyError("input-invalid", 'Unknown field "__proto__"');
  }
  for (const inner of Object.values(value)) assertHarmless(inner, levels - 1);
}

function brokenOff(cause?: unknown): LatchkeyError {
  return new LatchkeyError("body-cut", "The body broke off", { cause });
}

function tooLarge(): LatchkeyError {
  return new LatchkeyError("too-large", `The body is larger than ${BODY_LIMIT / 1024} KiB`, { status: 413 });
}

function notJson(type: string): LatchkeyError {
  const given = type ? `not ${type.slice(0, 60)}` : "and must say so";
  return new LatchkeyError("not-json", `The body must be application/json, ${given}`, { status: 415 });
}
