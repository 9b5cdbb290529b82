import { LatchkeyError } from "../../errors.ts";
import type { ServiceKey } from "../../plugin/keys.ts";
import { isOwnName } from "../names.ts";
import type { Grant } from "../protocol.ts";
import type { Answerer, Connection } from "./connection.ts";

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** The panel's services in a plugin's process: objects with the methods that were granted; the others say that they were not. */
export class RemoteServices {
  readonly #id: string;
  readonly #grant: Grant;
  readonly #connection: Connection;

  constructor(id: string, grant: Grant, connection: Connection) {
    this.#id = id;
    this.#grant = grant;
    this.#connection = connection;
  }

  /** @throws {LatchkeyError} `service-not-granted` */
  get<T>(service: ServiceKey<T>): T {
    const { name } = service;
    const methods = Object.hasOwn(this.#grant.services, name) ? this.#grant.services[name] : undefined;
    if (!methods) throw this.#notGranted(`the service "${name}"`);
    const call = (method: string) => (...args: unknown[]) =>
      this.#connection.ask({ kind: "service", service: name, method }, args);
    const refuse = (method: string) => () =>
      Promise.reject(this.#notGranted(`"${method}" of the service "${name}"`));
    return Object.fromEntries([
      ...Object.keys(service.outside).map((method) => [method, refuse(method)]),
      ...methods.map((method) => [method, call(method)]),
    ]) as T;
  }

  #notGranted(what: string): LatchkeyError {
    return new LatchkeyError("service-not-granted", `Plugin "${this.#id}" was not granted ${what}`, {
      status: 403,
    });
  }

  /** @throws {LatchkeyError} `service-not-own` */
  provide<T extends object>(service: ServiceKey<T>, _owner: string, implementation: T): () => void {
    const { name } = service;
    if (!isOwnName(this.#id, name)) {
      throw new LatchkeyError(
        "service-not-own",
        `Plugin "${this.#id}" can provide "${this.#id}" and "${this.#id}.…" only, not "${name}"`,
      );
    }
    const methods = methodsOf(implementation);
    const answer: Answerer = (method, args) => {
      if (!methods.includes(method)) {
        throw new LatchkeyError("method-unknown", `The service "${name}" has no "${method}"`, {
          status: 404,
        });
      }
      return (implementation as Methods)[method]!(...args);
    };
    this.#connection.offer({ kind: "service", name, methods }, answer);
    return () => {};
  }
}

/** The names of its methods, those of its class included. */
function methodsOf(implementation: object): string[] {
  const names = new Set<string>();
  for (let at = implementation; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name !== "constructor" && typeof (implementation as Methods)[name] === "function") names.add(name);
    }
  }
  return [...names];
}
