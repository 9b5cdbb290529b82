import type { AccessPointState } from "../../../core/access/keys.ts";
import type { ReleaseAnswer, Terms } from "../../../core/access/model.ts";
import { offline, problemOf } from "./problem.ts";

/** What a stranger may know of the panel. */
export interface Identity {
  name: string;
  deviceId: string;
  /** Whether it has an owner. */
  claimed: boolean;
  /** SHA-256 of the certificate to trust, in hexadecimal; null without TLS. */
  fingerprint: string | null;
}

/** What a code is good for. */
export interface CodeView {
  name: string;
  terms: Terms;
  accessPoints: AccessPointState[];
}

/** @throws {ApiError} */
export function askIdentity(): Promise<Identity> {
  return ask("GET", "/identity");
}

/** @throws {ApiError} `code-wrong`; `code-wait` with how long */
export function checkCode(text: string): Promise<CodeView> {
  return ask("POST", "/codes/check", { text });
}

/** @throws {ApiError} as `checkCode`, and where nothing was released */
export function releaseByCode(text: string, accessPoint: string, requestId: string): Promise<ReleaseAnswer> {
  return ask("POST", "/codes/release", { text, accessPoint, requestId });
}

/** What needs no account. */
async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      cache: "no-store",
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch {
    throw offline();
  }
  if (!response.ok) throw await problemOf(response);
  return await response.json();
}
