import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { type Fault, LatchkeyError } from "../errors.ts";
import { errorText, type Log } from "../log.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** Every refusal of the API (RFC 9457). Further members depend on the code, such as whose a card is. */
export const problemSchema = z.looseObject({
  type: z.string().describe("`urn:latchkey:` and the code"),
  title: z.string().describe("The status in words"),
  status: z.number().int(),
  code: z.string().describe("Stable: what a program decides by"),
  detail: z.string().describe("What is wrong and what to do, for a person"),
  errors: z.array(z.strictObject({
    field: z.string(),
    value: z.json().optional(),
    message: z.string().describe("What is allowed"),
  })).optional(),
});

/** An answer would otherwise repeat as much as was sent. */
const MOST_FAULTS = 20;
const LONGEST_FIELD = 120;

/** Any error as a problem document. What is not meant for people is logged and not told. */
export function problemResponse(error: unknown, log: Log, place: string): Response {
  const { status, headers, text } = problemOf(
    error instanceof LatchkeyError ? error : unexpected(error, log, place),
  );
  return new Response(text, { status, headers });
}

/** What goes over the wire of a refusal. */
export function problemOf(known: LatchkeyError) {
  const { code, status } = known;
  const faults = known.faults.slice(0, MOST_FAULTS).map(short);
  const body = {
    ...known.details,
    type: `urn:latchkey:${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    detail: faults.length < known.faults.length || known.message.length > 2_000
      ? `${known.message.slice(0, 2_000)}…`
      : known.message,
    ...(faults.length > 0 ? { errors: faults } : {}),
  };
  const headers: Record<string, string> = { "content-type": PROBLEM_TYPE };
  if (status === 401) {
    const error = code === "proof-nonce"
      ? "use_dpop_nonce"
      : code.startsWith("proof-")
      ? "invalid_dpop_proof"
      : "invalid_token";
    headers["www-authenticate"] = `DPoP algs="ES256", error="${error}"`;
  }
  const { retryAfter } = known.details;
  if (typeof retryAfter === "number") headers["retry-after"] = String(retryAfter);
  // The rest of an oversized body would otherwise have to be read from the same connection.
  if (status === 413) headers["connection"] = "close";
  return { status, headers, text: JSON.stringify(body) };
}

function unexpected(error: unknown, log: Log, place: string): LatchkeyError {
  log.error("A request failed", {
    route: place,
    error: errorText(error),
    stack: error instanceof Error ? error.stack ?? "" : "",
  });
  return new LatchkeyError("internal", "Something went wrong inside the panel; its log says what", {
    status: 500,
  });
}

function short(fault: Fault): Fault {
  if (fault.field.length <= LONGEST_FIELD) return fault;
  return { ...fault, field: `${fault.field.slice(0, LONGEST_FIELD)}…` };
}
