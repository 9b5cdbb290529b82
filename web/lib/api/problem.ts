/** What one field of a refused request should have been. */
export interface FieldFault {
  field: string;
  message: string;
}

/** A refusal of the panel, or no answer from it at all. Its message is for a person. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** Stable, such as `already-released`; `offline` where the panel can't be reached. */
  readonly code: string;
  /** 0 where the panel can't be reached. */
  readonly status: number;
  readonly faults: FieldFault[];

  constructor(code: string, status: number, message: string, faults: FieldFault[] = []) {
    super(message);
    this.code = code;
    this.status = status;
    this.faults = faults;
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
  } | undefined;
  const code = typeof body?.code === "string" ? body.code : `status-${status}`;
  const detail = typeof body?.detail === "string" ? body.detail : `The panel answered ${status}`;
  return new ApiError(code, status, detail, Array.isArray(body?.errors) ? body.errors as FieldFault[] : []);
}

/** Any error as a sentence for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
