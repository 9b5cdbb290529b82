import { LatchkeyError } from "../errors.ts";
import type { RequestInfo } from "./deps.ts";
import type { Upload } from "./raw_route.ts";

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
  if (type !== null && !isOf("application/json", type)) throw notJson(type);
  const coding = codingOf(request);
  if (coding !== undefined) throw notJson(`${coding} of it`);
  const bytes = await readLimited(request, isWhole);
  if (bytes.length === 0) return undefined;
  if (type === null) throw notJson("");
  return parse(bytes);
}

/**
 * A body that is text of another kind.
 * @param wanted its media type
 * @param isWhole as of `readJson`
 * @throws {LatchkeyError} `type-unknown` (415), `too-large` (413), `text-invalid`, `body-cut` (400)
 */
export async function readText(
  request: Request,
  wanted: string,
  isWhole: () => boolean = () => true,
): Promise<string> {
  assertType(request, wanted);
  const bytes = await readLimited(request, isWhole);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LatchkeyError("text-invalid", "The body is not text in UTF-8");
  }
}

function assertType(request: Request, wanted: string): void {
  const type = request.headers.get("content-type") ?? "";
  if (!isOf(wanted, type)) throw notOf(wanted, `"${type.slice(0, 60)}"`);
  const coding = codingOf(request);
  if (coding !== undefined) throw notOf(wanted, `${coding.slice(0, 60)} of it`);
}

function isOf(wanted: string, type: string): boolean {
  const [name = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  return name === wanted && parameters.every((parameter) => /^charset="?utf-8"?$/.test(parameter));
}

/** What the body would have to be decoded of; nobody here does. */
function codingOf(request: Request): string | undefined {
  const coding = request.headers.get("content-encoding");
  return coding === null || coding.toLowerCase() === "identity" ? undefined : coding;
}

/**
 * Has a body come that is no JSON, and may be larger.
 * @throws {LatchkeyError} `type-unknown` (415), `too-large` (413)
 */
export function assertUpload(request: Request, { type, bytes }: Upload, { expect }: RequestInfo): void {
  assertType(request, type);
  if (Number(request.headers.get("content-length") ?? 0) > bytes) throw tooLarge(bytes);
  expect?.(bytes);
}

/**
 * The pieces of a body as they come.
 * @throws {LatchkeyError} `body-cut` (400)
 */
export async function* uploaded(
  request: Request,
  isWhole: () => boolean = () => true,
): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return;
  try {
    for (let part = await next(reader); !part.done; part = await next(reader)) yield part.value;
  } finally {
    reader.cancel().catch(() => {});
  }
  if (!isWhole()) throw brokenOff();
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

async function readLimited(request: Request, isWhole: () => boolean): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_LIMIT) throw tooLarge();
  return await readWhole(request, BODY_LIMIT, isWhole);
}

/**
 * A body of at most `limit` bytes.
 * @throws {LatchkeyError} `too-large` (413), `body-cut` (400)
 */
export async function readWhole(
  request: Request,
  limit: number,
  isWhole: () => boolean = () => true,
): Promise<Uint8Array> {
  const bytes = request.body ? await readAll(request.body, limit) : new Uint8Array();
  if (!isWhole()) throw brokenOff();
  return bytes;
}

async function readAll(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (let part = await next(reader); !part.done; part = await next(reader)) {
    size += part.value.length;
    if (size > limit) {
      reader.cancel().catch(() => {});
      throw tooLarge(limit);
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

function tooLarge(limit = BODY_LIMIT): LatchkeyError {
  return new LatchkeyError("too-large", `The body is larger than ${limit / 1024} KiB`, { status: 413 });
}

function notOf(wanted: string, given: string): LatchkeyError {
  return new LatchkeyError("type-unknown", `The body must be ${wanted}, not ${given}`, { status: 415 });
}

function notJson(type: string): LatchkeyError {
  const given = type ? `not ${type.slice(0, 60)}` : "and must say so";
  return new LatchkeyError("not-json", `The body must be application/json, ${given}`, { status: 415 });
}
