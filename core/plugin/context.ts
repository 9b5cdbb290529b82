import type { Clock } from "../clock.ts";
import { repeat } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import { errorText, type Log } from "../log.ts";
import type { Route } from "../http/route.ts";
import { type Random, randomId, systemRandom } from "../random.ts";
import type { Bus } from "./bus.ts";
import type { Effects } from "./effects.ts";
import type { AnyService, Context, PluginStore } from "./plugin.ts";
import type { Points, Services } from "./registry.ts";

/** The id under which the core itself registers things. */
export const CORE = "core";

/** What contexts are made of, shared by all of them. */
export interface Wiring {
  bus: Pick<Bus, "emit" | "on">;
  services: Pick<Services, "get" | "provide">;
  points: Pick<Points, "contribute" | "watch">;
  clock: Clock;
  /** The machine's own unless given. */
  random?: Random;
  log: Log;
  storeFor(owner: string): PluginStore;
  /** Serves an owner's routes; the returned function takes them away. */
  serve(owner: string, routes: Route[]): () => void;
}

export interface ContextParts {
  id: string;
  config: unknown;
  uses: readonly AnyService[];
  effects: Effects;
  signal: AbortSignal;
}

/** One owner's view of the panel. Everything it registers is recorded in `effects`. */
export function createContext(wiring: Wiring, { id, config, uses, effects, signal }: ContextParts): Context {
  const { bus, services, points, clock } = wiring;
  const log = wiring.log.child({ plugin: id });
  const usable = new Set(uses.map((service) => service.name));

  function alive(): void {
    if (!signal.aborted) return;
    throw new LatchkeyError(
      "plugin-stopped",
      `Plugin "${id}" has stopped and can't use its context any more`,
    );
  }

  function guarded(action: () => unknown, what: string): void {
    const report = (error: unknown) => log.error(`${what} failed`, { error: errorText(error) });
    try {
      Promise.resolve(action()).catch(report);
    } catch (error) {
      report(error);
    }
  }

  return {
    id,
    config,
    log,
    store: wiring.storeFor(id),
    clock,
    signal,
    freshId: () => randomId(wiring.random ?? systemRandom),
    emit(event, value) {
      alive();
      if (event.coreOnly && id !== CORE) {
        throw new LatchkeyError(
          "event-core-only",
          `Plugin "${id}" can't emit "${event.name}": only the core states it`,
        );
      }
      bus.emit(event, value);
    },
    on(event, listener) {
      alive();
      effects.add(`on ${event.name}`, bus.on(event, id, listener));
    },
    use(service) {
      alive();
      if (id !== CORE && !usable.has(service.name)) {
        throw new LatchkeyError(
          "service-undeclared",
          `Plugin "${id}" must name service "${service.name}" in its uses`,
        );
      }
      return services.get(service);
    },
    provide(service, implementation) {
      alive();
      effects.add(`provide ${service.name}`, services.provide(service, id, implementation));
    },
    contribute(point, value) {
      alive();
      return effects.add(`contribute ${point.name}`, points.contribute(point, id, value));
    },
    watch(point, watcher) {
      alive();
      effects.add(`watch ${point.name}`, points.watch(point, watcher));
    },
    after(ms, action) {
      alive();
      const cancel = clock.after(ms, () => {
        effects.forget(cancel);
        guarded(action, "A timer");
      });
      return effects.add(`after ${ms} ms`, cancel);
    },
    every(ms, action) {
      alive();
      return effects.add(`every ${ms} ms`, repeat(clock, ms, () => guarded(action, "A repeating timer")));
    },
    routes(routes) {
      alive();
      effects.add("routes", wiring.serve(id, routes));
    },
    defer(label, undo) {
      alive();
      effects.add(label, undo);
    },
  };
}
