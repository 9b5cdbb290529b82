import { LatchkeyError } from "../errors.ts";
import type { Log } from "../log.ts";
import { errorText } from "../log.ts";
import type { WireError } from "./protocol.ts";

/** An error for the other side. What was not made for it is logged here and not told. */
export function toWire(error: unknown, log?: Log): WireError {
  if (!(error instanceof LatchkeyError)) {
    log?.error("A plugin's call failed", { error: errorText(error) });
    const message = log ? "Something went wrong inside the panel; its log says what" : errorText(error);
    return { code: log ? "internal" : "plugin-error", message: message.slice(0, 2_000), status: 500 };
  }
  const { code, message, status, faults, details } = error;
  return {
    code,
    message: message.slice(0, 2_000),
    status,
    faults: faults.slice(0, 20).map((fault) => ({
      ...fault,
      field: fault.field.slice(0, 120),
      message: fault.message.slice(0, 500),
    })),
    details,
  };
}

export function fromWire({ code, message, status, faults, details }: WireError): LatchkeyError {
  return new LatchkeyError(code, message, {
    status,
    faults: (faults ?? []).map(({ field, value, message }) =>
      value === undefined ? { field, message } : { field, value, message }
    ),
    ...(details === undefined ? {} : { details }),
  });
}
