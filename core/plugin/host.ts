import { type Fault, LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import { Bus } from "./bus.ts";
import { CORE, createContext, type Wiring } from "./context.ts";
import { Effects, within } from "./effects.ts";
import type { Context, Plugin } from "./plugin.ts";
import { Points, type Provided, Services } from "./registry.ts";

export type PluginState = "waiting" | "starting" | "running" | "stopping" | "stopped" | "failed";

/** How one plugin is doing, for the health page. */
export interface PluginStatus {
  id: string;
  title: string;
  state: PluginState;
  /** What is missing or what went wrong; empty when all is well. */
  reason: string;
  /** Errors its listeners and timers have thrown since the start. */
  errors: number;
}

interface Hosted {
  plugin: Plugin;
  config: unknown;
  state: PluginState;
  reason: string;
  /** What was wrong with its configuration when it failed. */
  faults: readonly Fault[];
  errors: number;
  effects: Effects;
  abort: AbortController;
  /** The running start or stop, so that two never overlap. */
  turn: Promise<void>;
}

export interface HostOptions extends Omit<Wiring, "bus" | "services" | "points"> {
  /** Time that a plugin's `setup` may take, ms. */
  setupDeadlineMs?: number;
}

/** Starts plugins once their services are there, in whatever order they come; keeps one's failure from the others. */
export class Host {
  readonly bus: Bus;
  readonly core: Context;
  readonly #wiring: Wiring;
  readonly #services = new Services(() => this.#wake());
  readonly #deadline: number;
  readonly #hosted = new Map<string, Hosted>();
  readonly #coreEffects: Effects;
  readonly #coreAbort = new AbortController();
  #open = false;

  constructor(options: HostOptions) {
    const { log } = options;
    this.#deadline = options.setupDeadlineMs ?? 10_000;
    this.bus = new Bus((owner, event, error) => {
      const hosted = this.#hosted.get(owner);
      if (hosted) hosted.errors++;
      log.error("A listener failed", { plugin: owner, event, error: errorText(error) });
    });
    this.#wiring = {
      ...options,
      bus: this.bus,
      services: this.#services,
      points: new Points((point, error) => log.error("A watcher failed", { point, error: errorText(error) })),
    };
    this.#coreEffects = new Effects(options.clock);
    this.core = createContext(this.#wiring, {
      id: CORE,
      config: {},
      uses: [],
      effects: this.#coreEffects,
      signal: this.#coreAbort.signal,
    });
  }

  /**
   * @param held why it is not to start before `restart`
   * @throws {LatchkeyError} `plugin-known`, `plugin-api`
   */
  add(plugin: Plugin, config: unknown, held?: string): void {
    if (plugin.id === CORE || this.#hosted.has(plugin.id)) {
      throw new LatchkeyError(
        "plugin-known",
        `Plugin "${plugin.id}" is there already; ids are unique in a panel`,
      );
    }
    if (plugin.api !== 1) {
      throw new LatchkeyError(
        "plugin-api",
        `Plugin "${plugin.id}" asks for contract ${plugin.api}; this panel has 1`,
      );
    }
    this.#hosted.set(plugin.id, {
      plugin,
      config,
      state: held === undefined ? "waiting" : "failed",
      reason: held ?? "",
      faults: [],
      errors: 0,
      effects: new Effects(this.#wiring.clock),
      abort: new AbortController(),
      turn: Promise.resolve(),
    });
    this.#wake();
  }

  /** Starts what can be started; resolved when every plugin runs, has failed, or waits for a service that is missing. */
  async start(): Promise<void> {
    this.#open = true;
    this.#wake();
    await this.#quiet();
  }

  /** Stops every plugin, last started first, then the core's own registrations. */
  async stop(): Promise<void> {
    this.#open = false;
    for (const hosted of [...this.#hosted.values()].reverse()) await this.#halt(hosted, "stopped");
    this.#coreAbort.abort();
    await this.#coreEffects.undoAll((label, error) => this.#undoFailed(CORE, label, error));
  }

  /** Stops one plugin and starts it with another configuration. Those that use its services stop and start with it. */
  async restart(id: string, config?: unknown): Promise<PluginStatus> {
    const hosted = this.#find(id);
    await this.#halt(hosted, "stopped");
    if (config !== undefined) hosted.config = config;
    hosted.state = "waiting";
    this.#wake();
    await this.#quiet();
    return this.#status(hosted);
  }

  /** Stops one plugin until `restart`. */
  async halt(id: string): Promise<void> {
    await this.#halt(this.#find(id), "stopped");
  }

  /** Undoes a plugin that can't go on, such as one whose process has died, and says why until `restart`. */
  async fail(id: string, reason: string): Promise<void> {
    const hosted = this.#find(id);
    await this.#halt(hosted, "stopped");
    hosted.state = "failed";
    hosted.reason = reason;
  }

  /** Stops a plugin and forgets it. */
  async remove(id: string): Promise<void> {
    await this.halt(id);
    this.#hosted.delete(id);
  }

  /** Counts an error that a plugin has seen to by itself. */
  countError(id: string): void {
    this.#find(id).errors++;
  }

  /** A service that is there now, and whose it is. */
  provided(name: string): Provided | undefined {
    return this.#services.find(name);
  }

  /** The configuration a plugin runs with. */
  configOf(id: string): unknown {
    return this.#find(id).config;
  }

  /** What of its configuration kept a plugin from starting; none where it was something else. */
  configFaults(id: string): readonly Fault[] {
    return this.#find(id).faults;
  }

  status(): PluginStatus[] {
    return [...this.#hosted.values()].map((hosted) => this.#status(hosted));
  }

  /** Labels of everything registered now, by owner: what a leak check compares. */
  effects(): Record<string, string[]> {
    const own = [...this.#hosted].map(([id, hosted]) => [id, hosted.effects.labels] as const);
    return Object.fromEntries([[CORE, this.#coreEffects.labels] as const, ...own]);
  }

  #find(id: string): Hosted {
    const hosted = this.#hosted.get(id);
    if (!hosted) throw new LatchkeyError("plugin-unknown", `There is no plugin "${id}"`, { status: 404 });
    return hosted;
  }

  #status({ plugin, state, reason, errors }: Hosted): PluginStatus {
    return { id: plugin.id, title: plugin.title, state, reason, errors };
  }

  /** Not one that is about to take its services away. */
  readonly #reliable = (owner: string) => owner === CORE || this.#hosted.get(owner)?.state !== "stopping";

  #wake(): void {
    if (!this.#open) return;
    for (const hosted of this.#hosted.values()) {
      if (hosted.state !== "waiting") continue;
      const missing = this.#services.missing(hosted.plugin.uses, this.#reliable);
      hosted.reason = missing.length > 0 ? `waits for ${missing.join(", ")}` : "";
      if (missing.length === 0) hosted.turn = this.#launch(hosted);
    }
  }

  async #quiet(): Promise<void> {
    const busy = () =>
      [...this.#hosted.values()].filter((h) => h.state === "starting" || h.state === "stopping");
    for (let turns = busy(); turns.length > 0; turns = busy()) await Promise.all(turns.map((h) => h.turn));
  }

  async #launch(hosted: Hosted): Promise<void> {
    const { plugin } = hosted;
    hosted.state = "starting";
    hosted.faults = [];
    hosted.effects = new Effects(this.#wiring.clock);
    hosted.abort = new AbortController();
    const { effects, abort } = hosted;
    try {
      const config = plugin.config.parse(hosted.config ?? {});
      const context = createContext(this.#wiring, {
        id: plugin.id,
        config,
        uses: plugin.uses,
        effects,
        signal: abort.signal,
      });
      await within(this.#wiring.clock, this.#deadline, plugin.setup(context));
      if (!abort.signal.aborted) hosted.state = "running";
    } catch (error) {
      abort.abort();
      await effects.undoAll((label, cause) => this.#undoFailed(plugin.id, label, cause));
      hosted.state = "failed";
      hosted.reason = errorText(error);
      hosted.faults = error instanceof LatchkeyError && error.code === "settings-invalid" ? error.faults : [];
      this.#wiring.log.error("A plugin failed to start", { plugin: plugin.id, error: errorText(error) });
    }
  }

  async #halt(hosted: Hosted, next: "stopped" | "waiting"): Promise<void> {
    await hosted.turn;
    if (hosted.state !== "running") {
      hosted.state = hosted.state === "failed" && next === "waiting" ? "failed" : next;
      return;
    }
    hosted.state = "stopping";
    hosted.turn = this.#unwind(hosted, next);
    await hosted.turn;
  }

  async #unwind(hosted: Hosted, next: "stopped" | "waiting"): Promise<void> {
    for (const dependant of this.#dependants(hosted)) await this.#halt(dependant, "waiting");
    hosted.abort.abort();
    await hosted.effects.undoAll((label, error) => this.#undoFailed(hosted.plugin.id, label, error));
    hosted.state = next;
    hosted.reason = "";
  }

  #dependants(hosted: Hosted): Hosted[] {
    const offered = new Set(this.#services.ownedBy(hosted.plugin.id));
    return [...this.#hosted.values()].reverse().filter((other) =>
      other !== hosted && (other.state === "running" || other.state === "starting") &&
      other.plugin.uses.some((service) => offered.has(service.name))
    );
  }

  #undoFailed(plugin: string, label: string, error: unknown): void {
    this.#wiring.log.error("An effect could not be undone", {
      plugin,
      effect: label,
      error: errorText(error),
    });
  }
}
