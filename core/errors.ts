import type { Json } from "./json.ts";

/** One thing that is wrong with what was given. */
export interface Fault {
  /** Where: `validity.until`, `limit`, `plugins.lock.pulseMs`. Empty for the whole. */
  field: string;
  /** What was given, shortened; never a secret. */
  value?: Json;
  /** What is allowed, or what went wrong: a sentence without a full stop. */
  message: string;
}

export interface LatchkeyErrorOptions {
  /** HTTP status this error becomes at the API. */
  status?: number;
  faults?: Fault[];
  /** Further members for the problem document, such as whose a card is. */
  details?: Record<string, Json>;
  cause?: unknown;
}

/** An error that a person can act on. `code` is stable, in lower case with dashes: `card-known`, `unknown-access-point`. */
export class LatchkeyError extends Error {
  override readonly name = "LatchkeyError";
  readonly code: string;
  readonly status: number;
  readonly faults: Fault[];
  readonly details: Record<string, Json>;

  constructor(code: string, message: string, options: LatchkeyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.faults = options.faults ?? [];
    this.details = options.details ?? {};
  }
}
