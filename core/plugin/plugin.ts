import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Json } from "../json.ts";
import type { Route } from "../http/route.ts";
import type { EventKey, PointKey, ServiceKey } from "./keys.ts";

export const pluginIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: "1 to 40 lower case letters, digits and dashes, a letter first",
});

/** A plugin's private key-value state, kept across restarts. A resolved write is on disk. */
export interface PluginStore {
  get<T extends Json>(key: string): Promise<T | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Sees contributions to a point come and go; told at once of those already there. */
export interface PointWatcher<T> {
  added(value: T, owner: string): void;
  removed?(value: T, owner: string): void;
}

export type AnyService = ServiceKey<unknown>;

/**
 * What a plugin is given. Everything registered through it is undone, last first, when the plugin stops.
 * `Used` is the union of the services named in `uses`; asking for another does not compile.
 */
export interface Context<Config = unknown, Used extends AnyService = AnyService> {
  readonly id: string;
  readonly config: Config;
  readonly log: Log;
  readonly store: PluginStore;
  readonly clock: Clock;
  /** Aborted when the plugin begins to stop. */
  readonly signal: AbortSignal;
  /** An id that was never given before and no one can guess, such as a release request's. */
  freshId(): string;
  /** @throws {LatchkeyError} `event-core-only` where a plugin emits a fact that only the core may state. */
  emit<T>(event: EventKey<T>, value: T): void;
  /** Hears an event. A listener's error is logged with the plugin's name and reaches nobody else. */
  on<T>(event: EventKey<T>, listener: (value: T) => unknown): void;
  /** The service; it is there for as long as this plugin runs. */
  use<T>(service: ServiceKey<T> & Used): T;
  /** @throws {LatchkeyError} `service-taken` where another plugin provides it. */
  provide<T extends object>(service: ServiceKey<T>, implementation: T): void;
  /** The returned function takes it back before the plugin stops. */
  contribute<T>(point: PointKey<T>, value: T): () => void;
  watch<T>(point: PointKey<T>, watcher: PointWatcher<T>): void;
  /** Runs `action` once after `ms` of monotonic time; the returned function cancels it. */
  after(ms: number, action: () => unknown): () => void;
  /** Runs `action` every `ms`; the returned function ends it. */
  every(ms: number, action: () => unknown): () => void;
  /** Serves these below `/api/v1/plugins/<id>`; for the owner only unless a route says otherwise. */
  routes(routes: Route[]): void;
  /** Undoes something of the plugin's own when it stops. */
  defer(label: string, undo: () => unknown): void;
}

/** What a plugin is declared with. */
export interface PluginOptions<Schema extends z.ZodType, Uses extends readonly AnyService[]> {
  /** Lower case letters, digits and dashes; unique in a panel. */
  id: string;
  /** The contract's version this plugin was written for. */
  api: 1;
  /** One line for the health page. */
  title?: string;
  config?: Schema;
  uses?: Uses;
  /** Sets it up; where it returns a promise, the plugin runs once that is kept. What it comes to does not matter. */
  setup(ctx: Context<z.output<Schema>, Uses[number]>): unknown;
}

/** A plugin as the host holds it, its types erased. */
export interface Plugin {
  readonly id: string;
  readonly api: 1;
  readonly title: string;
  readonly config: z.ZodType;
  readonly uses: readonly AnyService[];
  setup(ctx: Context): unknown;
}

/** Declares a plugin. A module's default export, so that the same file runs in-process or in its own process. */
export function definePlugin<
  Schema extends z.ZodType = z.ZodObject<Record<never, never>, z.core.$strict>,
  const Uses extends readonly AnyService[] = readonly [],
>(options: PluginOptions<Schema, Uses>): Plugin {
  if (!pluginIdSchema.safeParse(options.id).success) {
    throw new TypeError(
      `Cannot define plugin "${options.id}": an id has 1 to 40 lower case letters, digits and dashes`,
    );
  }
  return {
    id: options.id,
    api: options.api,
    title: options.title ?? options.id,
    config: options.config ?? z.strictObject({}),
    uses: options.uses ?? [],
    setup: (ctx) => options.setup(ctx as unknown as Context<z.output<Schema>, Uses[number]>),
  };
}
