import { LatchkeyError } from "../errors.ts";
import type { AnyService, PointWatcher } from "./plugin.ts";
import type { PointKey, ServiceKey } from "./keys.ts";

/** A service that is there. */
export interface Provided {
  owner: string;
  /** The key it was provided by: what it says of calls from outside holds. */
  key: AnyService;
  implementation: object;
}

/** Who provides which service. */
export class Services {
  readonly #provided = new Map<string, Provided>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** @throws {LatchkeyError} `service-taken` */
  provide<T extends object>(service: ServiceKey<T>, owner: string, implementation: T): () => void {
    const taken = this.#provided.get(service.name);
    if (taken) {
      throw new LatchkeyError(
        "service-taken",
        `Service "${service.name}" is provided by "${taken.owner}" already; "${owner}" can't provide it too`,
      );
    }
    this.#provided.set(service.name, { owner, key: service, implementation });
    this.#onChange();
    return () => void this.#provided.delete(service.name);
  }

  /** @throws {LatchkeyError} `service-missing` */
  get<T>(service: ServiceKey<T>): T {
    const provided = this.#provided.get(service.name);
    if (!provided) throw new LatchkeyError("service-missing", `Nothing provides service "${service.name}"`);
    return provided.implementation as T;
  }

  find(name: string): Provided | undefined {
    return this.#provided.get(name);
  }

  /** Names of those that nobody provides, or whose owner is not to be relied on. */
  missing(services: readonly AnyService[], reliable: (owner: string) => boolean): string[] {
    return services.map((service) => service.name).filter((name) => {
      const provided = this.#provided.get(name);
      return !provided || !reliable(provided.owner);
    });
  }

  ownedBy(owner: string): string[] {
    return [...this.#provided].filter(([, provided]) => provided.owner === owner).map(([name]) => name);
  }
}

interface Contribution {
  owner: string;
  value: unknown;
}

/** Contributions to extension points, and those who watch them. */
export class Points {
  readonly #contributions = new Map<string, Set<Contribution>>();
  readonly #watchers = new Map<string, Set<PointWatcher<unknown>>>();
  readonly #report: (point: string, error: unknown) => void;

  constructor(report: (point: string, error: unknown) => void) {
    this.#report = report;
  }

  contribute<T>(point: PointKey<T>, owner: string, value: T): () => void {
    const contribution = { owner, value };
    setOf(this.#contributions, point.name).add(contribution);
    this.#tell(point.name, (watcher) => watcher.added(value, owner));
    return () => {
      setOf(this.#contributions, point.name).delete(contribution);
      this.#tell(point.name, (watcher) => watcher.removed?.(value, owner));
    };
  }

  watch<T>(point: PointKey<T>, watcher: PointWatcher<T>): () => void {
    setOf(this.#watchers, point.name).add(watcher as PointWatcher<unknown>);
    for (const { value, owner } of setOf(this.#contributions, point.name)) {
      this.#guarded(point.name, () => watcher.added(value as T, owner));
    }
    return () => void setOf(this.#watchers, point.name).delete(watcher as PointWatcher<unknown>);
  }

  #tell(point: string, action: (watcher: PointWatcher<unknown>) => void): void {
    for (const watcher of setOf(this.#watchers, point)) this.#guarded(point, () => action(watcher));
  }

  #guarded(point: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#report(point, error);
    }
  }
}

function setOf<T>(sets: Map<string, Set<T>>, name: string): Set<T> {
  let set = sets.get(name);
  if (!set) sets.set(name, set = new Set());
  return set;
}
