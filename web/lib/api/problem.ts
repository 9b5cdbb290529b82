/** What one field of a refused request should have been. */
export interface FieldFault {
  field: string;
  message: string;
}

export interface ErrorFacts {
  faults?: FieldFault[];
  retryAfter?: number;
}

/** A refusal of the panel, or no answer from it at all. Its message is for a person. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** Stable, such as `already-released`; `offline` where the panel can't be reached. */
  readonly code: string;
  /** 0 where the panel can't be reached. */
  readonly status: number;
  readonly faults: FieldFault[];
  /** How long to wait before the next try, s; undefined where waiting is not the matter. */
  readonly retryAfter: number | undefined;

  constructor(code: string, status: number, message: string, more: ErrorFacts = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.faults = more.faults ?? [];
    this.retryAfter = more.retryAfter;
  }
}

export function offline(): ApiError {
  return new ApiError("offline", 0, "The panel can’t be reached. Is this device on the home network?");
}

/** Reads an answer that is no success. It may come from something in between that knows nothing of problem documents. */
export async function problemOf(response: Response): Promise<ApiError> {
  const { status } = response;
  const body = await response.json().catch(() => undefined) as {
    code?: unknown;
    detail?: unknown;
    errors?: unknown;
    retryAfter?: unknown;
  } | undefined;
  const code = typeof body?.code === "string" ? body.code : `status-${status}`;
  const detail = typeof body?.detail === "string" ? body.detail : `The panel answered ${status}`;
  return new ApiError(code, status, detail, {
    ...(Array.isArray(body?.errors) ? { faults: body.errors as FieldFault[] } : {}),
    ...(typeof body?.retryAfter === "number" ? { retryAfter: body.retryAfter } : {}),
  });
}

/** Any error as a refusal; what is none is one without a known reason. */
export function asRefusal(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError("unknown", 0, messageOf(error));
}

/** Any error as a sentence for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
