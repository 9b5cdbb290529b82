import type { Device } from "./device.ts";
import { offline, problemOf } from "./problem.ts";
import { Signer } from "./signer.ts";

/** Time after which a request is given up, ms; longer than the panel waits for its hardware. */
const PATIENCE_MS = 12_000;
const JSON_TYPE = "application/json";
/** Time for a file to be made and fetched, or brought, ms. */
const FILE_PATIENCE_MS = 10 * 60_000;

export type Refusal = "token-wrong" | "unclaimed";

export interface ClientOptions {
  device: Device;
  /** Told when the panel does not know this device, or no longer; or when it has no owner, and so knows nobody for now. */
  refused?: (why: Refusal) => void;
}

/** The panel's API for a page. */
export class Client {
  readonly #refused: ((why: Refusal) => void) | undefined;
  readonly #signer: Signer;

  constructor({ device, refused }: ClientOptions) {
    this.#refused = refused;
    this.#signer = new Signer(device);
  }

  /** @throws {ApiError} */
  get<T>(path: string): Promise<T> {
    return this.#send<T>("GET", path);
  }

  /** @throws {ApiError} */
  post<T = void>(path: string, body: unknown = {}): Promise<T> {
    return this.#send<T>("POST", path, body);
  }

  /** @throws {ApiError} */
  put<T = void>(path: string, body: unknown): Promise<T> {
    return this.#send<T>("PUT", path, body);
  }

  /** @throws {ApiError} */
  patch<T = void>(path: string, body: unknown): Promise<T> {
    return this.#send<T>("PATCH", path, body);
  }

  /** @throws {ApiError} */
  delete<T = void>(path: string): Promise<T> {
    return this.#send<T>("DELETE", path);
  }

  /** Brings a file as it is. @throws {ApiError} */
  upload<T>(path: string, type: string, file: Blob): Promise<T> {
    return this.#send<T>("POST", path, file, type);
  }

  /** A file that the panel has, or makes where it is given a body; with the name it gives it. @throws {ApiError} */
  async file(path: string, body?: unknown): Promise<{ name: string; content: Blob }> {
    const response = await this.#fetch(path, {
      signal: AbortSignal.timeout(FILE_PATIENCE_MS),
      ...(body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": JSON_TYPE }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await problemOf(response);
    const [, name] = /filename="([\w.-]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
    try {
      return { name: name ?? "latchkey", content: await response.blob() };
    } catch {
      throw offline();
    }
  }

  /** The event stream from after the event `lastId`; ends with `signal`. */
  async openStream(lastId: string | undefined, signal: AbortSignal): Promise<Response> {
    const resume = lastId === undefined ? {} : { "last-event-id": lastId };
    const response = await this.#fetch("/events", { headers: resume, signal });
    if (response.ok) return response;
    throw await problemOf(response);
  }

  /** Sends text that is not JSON, and hands on the answer as it is. @throws {ApiError} */
  async exchange(path: string, type: string, body: string): Promise<Response> {
    const response = await this.#fetch(path, {
      method: "POST",
      headers: { "content-type": type },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.ok) return response;
    throw await problemOf(response);
  }

  async #send<T>(method: string, path: string, body?: unknown, type = JSON_TYPE): Promise<T> {
    const isFile = body instanceof Blob;
    const response = await this.#fetch(path, {
      method,
      signal: AbortSignal.timeout(isFile ? FILE_PATIENCE_MS : PATIENCE_MS),
      ...(body === undefined
        ? {}
        : { headers: { "content-type": type }, body: isFile ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw await problemOf(response);
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.#signer.fetch(`/api/v1${path}`, { ...init, cache: "no-store" });
    } catch {
      throw offline();
    }
    if (response.status === 401 || response.status === 403) {
      const { code } = await problemOf(response.clone());
      if (code === "token-wrong" || code === "unclaimed") this.#refused?.(code);
    }
    return response;
  }
}
