import { LatchkeyError } from "../errors.ts";
import type { Route } from "./route.ts";

/** One route as it is served. */
export interface ServedRoute {
  /** Who declared it. */
  owner: string;
  route: Route;
  /** The whole path, with `{names}`: `/api/v1/holders/{id}`. */
  path: string;
}

export const API_BASE = "/api/v1";
const CORE = "core";

/** Where an owner's routes begin. */
export function baseOf(owner: string): string {
  return owner === CORE ? API_BASE : `${API_BASE}/plugins/${owner}`;
}

/** All routes there are now, of the core and of the plugins, which come and go. */
export class RouteTable {
  readonly #owners = new Map<string, Set<readonly ServedRoute[]>>();
  readonly #watchers = new Set<(owner: string) => void>();
  #version = 0;

  /**
   * Serves an owner's routes; the returned function takes them away.
   * @throws {LatchkeyError} `route-known` where a method and path are served already, `route-invalid`
   */
  readonly serve = (owner: string, routes: readonly Route[]): () => void => {
    const served = routes.map((route) => ({ owner, route, path: baseOf(owner) + route.path }));
    const known = new Set(this.of(owner).map(signature));
    for (const entry of served) {
      if (!/^(\/([\w.-]+|\{[a-z][A-Za-z]*\}))+$/.test(entry.route.path)) {
        throw new LatchkeyError(
          "route-invalid",
          `Route path "${entry.route.path}" of "${owner}" is malformed`,
        );
      }
      if (known.has(signature(entry))) {
        throw new LatchkeyError("route-known", `Route ${signature(entry)} is served already`);
      }
      known.add(signature(entry));
    }
    const lists = this.#owners.get(owner) ?? new Set();
    this.#owners.set(owner, lists.add(served));
    this.#changed(owner);
    return () => {
      lists.delete(served);
      this.#changed(owner);
    };
  };

  /** The routes of one owner. */
  of(owner: string): ServedRoute[] {
    return [...this.#owners.get(owner) ?? []].flat();
  }

  all(): ServedRoute[] {
    return [...this.#owners.keys()].flatMap((owner) => this.of(owner));
  }

  /** Rises with each change. */
  get version(): number {
    return this.#version;
  }

  /** Tells of each change whose routes changed. */
  watch(watcher: (owner: string) => void): void {
    this.#watchers.add(watcher);
  }

  #changed(owner: string): void {
    this.#version++;
    for (const watcher of this.#watchers) watcher(owner);
  }
}

/** Method and path with its parameters unnamed: two routes with the same one could not be told apart. */
function signature({ route, path }: ServedRoute): string {
  return `${route.method.toUpperCase()} ${path.replace(/\{\w+\}/g, "{}")}`;
}
