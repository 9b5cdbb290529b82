import type { Actor } from "../access/model.ts";
import type { AccessService } from "../access/keys.ts";
import type { Cancel, Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Host } from "../plugin/host.ts";
import { pluginIdSchema } from "../plugin/plugin.ts";
import { oneAtATime } from "../turns.ts";
import { CrashGuard, MOST_CRASHES, WITHIN_MS } from "./crash_guard.ts";
import { damagedPlugin } from "./damaged_plugin.ts";
import { type DamagedGrant, findReadable, type GrantStore } from "./grants.ts";
import { type IsolatedPlugin, isolatedPlugin } from "./isolated_plugin.ts";
import { fittingSettings } from "./kept_settings.ts";
import type { GrantedPlugin } from "./manifest.ts";
import type { PluginFolders } from "./plugin_folders.ts";
import type { Launch } from "./process.ts";

export interface ThirdPartyParts {
  host: Host;
  clock: Clock;
  log: Log;
  grants: GrantStore;
  /** Starts their processes; where nothing can, the reason. */
  launch: Launch | { impossible: string };
  /** Ids of built-in plugins, loaded or not: nobody else's. */
  builtIn: readonly string[];
  folders: PluginFolders;
  stateSizes(id: string): Map<string, number>;
  access(): AccessService;
}

/** A third-party plugin for the owner to see. */
export interface ThirdPartyStatus {
  id: string;
  title: string;
  version: string;
  /** By whom and why it is switched off; null where it is not. */
  off: GrantedPlugin["off"];
  granted: GrantedPlugin["granted"];
  origin: GrantedPlugin["origin"];
  signer: GrantedPlugin["signer"];
}

interface Care {
  plugin: IsolatedPlugin;
  guard: CrashGuard;
  /** Cancels the start that is to come. */
  cancel: Cancel;
  /** Whether it has yet to start for the first time since it was let in, with settings of another version. */
  fresh: boolean;
}

/** Who finds that a plugin's files have changed. */
const WATCH: Actor = { kind: "system", id: "third-party", scopes: [] };
const BY_OWNER: GrantedPlugin["off"] = { by: "owner", reason: "The owner has switched it off" };

/** The third-party plugins of a panel: starts those that the owner let in, and again when they die, unless they die too often. */
export class ThirdParty {
  readonly #parts: ThirdPartyParts;
  readonly #care = new Map<string, Care>();
  /** Those that can't be read and that the host tells of. */
  readonly #damaged = new Set<string>();
  /** One change after the other. */
  readonly #inTurn = oneAtATime();

  constructor(parts: ThirdPartyParts) {
    this.#parts = parts;
  }

  /** Hands all of them to the host. One whose grant can't be read does not run, and keeps nothing else from it. */
  begin(): void {
    const { grants, log, folders } = this.#parts;
    let all: ReturnType<GrantStore["list"]>;
    try {
      all = grants.list();
      folders.settle(all.plugins, all.damaged.map(({ id }) => id));
    } catch (error) {
      return log.error("Third-party plugins do not run", {
        error: error instanceof Error ? error.message : "",
      });
    }
    for (const plugin of all.plugins) this.#add(plugin);
    for (const damaged of all.damaged) this.#addDamaged(damaged);
  }

  list(): ThirdPartyStatus[] {
    return this.#parts.grants.list().plugins.map(({ manifest, off, granted, origin, signer }) => {
      const { id, title, version } = manifest;
      return { id, title, version, off, granted, origin, signer };
    });
  }

  /** Those whose grant can't be read. */
  damaged(): DamagedGrant[] {
    return this.#parts.grants.list().damaged;
  }

  /** Those that the host holds, for their settings. */
  plugins(): IsolatedPlugin[] {
    return [...this.#care.values()].map(({ plugin }) => plugin);
  }

  /** Keeps a plugin's settings; durable when it returns. @throws {LatchkeyError} `plugin-unknown` (404) */
  saveSettings(id: string, settings: GrantedPlugin["settings"]): void {
    this.#parts.grants.put({ ...this.#find(id), settings });
  }

  /** What the owner has let in under that id; undefined also where that can't be read: it is asked about all anew. */
  find(id: string): GrantedPlugin | undefined {
    return findReadable(this.#parts.grants, id);
  }

  /**
   * Lets a plugin in, or another version or grant of it, and starts it. Its files are those that wait under its digest,
   * or are in its folder already.
   * @param renewed what it is once it is its turn, with what was changed meanwhile. Where that throws, what is installed
   *   stays
   * @throws {LatchkeyError} `plugin-known`, or as `renewed`
   */
  admit(plugin: GrantedPlugin, renewed: () => GrantedPlugin = () => plugin): Promise<void> {
    return this.#inTurn(() => this.#admit(plugin.manifest.id, renewed));
  }

  async #admit(id: string, renewed: () => GrantedPlugin): Promise<void> {
    const { grants, folders } = this.#parts;
    this.#assertFree(id);
    // Nobody stops what runs for a package that was sent away.
    renewed();
    await this.#forget(id);
    try {
      const plugin = renewed();
      // From here on these files are the plugin's: what is cut off now is done at the next start.
      grants.put(plugin);
      folders.place(plugin);
    } finally {
      const now = this.find(id);
      const damaged = this.damaged().find((each) => each.id === id);
      if (now) this.#add(now, true);
      else if (damaged) this.#addDamaged(damaged);
    }
  }

  /** Stops it, and leaves nothing of it but what is in the access log. @throws {LatchkeyError} `plugin-unknown` */
  dismiss(id: string, actor: Actor): Promise<void> {
    return this.#inTurn(() => this.#dismiss(id, actor));
  }

  async #dismiss(id: string, actor: Actor): Promise<void> {
    const version = this.#versionOf(id);
    await this.#forget(id);
    this.#parts.grants.remove(id);
    this.#parts.folders.remove(id);
    await this.#record("plugin-removed", actor, { plugin: id, version });
  }

  /** Switches it on or off; durable and logged. @throws {LatchkeyError} `plugin-unknown` (404) */
  switch(id: string, on: boolean, actor: Actor): Promise<void> {
    return this.#inTurn(() => this.#switch(id, on, actor));
  }

  async #switch(id: string, on: boolean, actor: Actor): Promise<void> {
    this.#find(id);
    await this.#forget(id);
    // Its settings may have been changed until it had stopped.
    const changed = { ...this.#find(id), off: on ? null : BY_OWNER };
    this.#parts.grants.put(changed);
    this.#add(changed);
    await this.#record(on ? "plugin-switched-on" : "plugin-switched-off", actor, { plugin: id });
  }

  async #record(outcome: string, actor: Actor, detail: Record<string, string>): Promise<void> {
    const via = actor.kind === "system" ? "system" : "app";
    await this.#parts.access().record({ kind: "settings", outcome, actor, via, detail });
  }

  #add(plugin: GrantedPlugin, fresh = false): void {
    const { host, launch, log, builtIn, stateSizes, grants, folders } = this.#parts;
    const { id } = plugin.manifest;
    // What the owner wants is no trouble for the health page to show.
    if (plugin.off?.by === "owner") return;
    if (builtIn.includes(id)) {
      return log.error("A third-party plugin has the id of a built-in one", { plugin: id });
    }
    const isolated = isolatedPlugin(plugin, {
      launch: typeof launch === "function" ? launch : () => {
        throw new LatchkeyError("plugins-impossible", launch.impossible);
      },
      neighbours: { bus: host.bus, provided: (name) => host.provided(name), stateSizes },
      countError: (id) => host.countError(id),
      assertOn(id) {
        const off = grants.get(id)?.off;
        if (off) throw new LatchkeyError("plugin-off", off.reason, { status: 409 });
      },
      watchFiles: (plugin) => folders.watch(plugin),
      died: (id, reason) => {
        if (this.#care.get(id) === care) this.#died(id, care, reason);
      },
      started: () => void (care.fresh = false),
      refused: (id, error) => {
        if (this.#care.get(id) === care && care.fresh) this.#trim(id, error);
      },
      changed: (id, reason) => {
        if (this.#care.get(id) === care) this.#changed(id, reason);
      },
    });
    const care: Care = {
      plugin: isolated,
      guard: new CrashGuard(this.#parts.clock),
      cancel: () => {},
      fresh,
    };
    this.#care.set(id, care);
    const held = plugin.off?.reason ?? (typeof launch === "function" ? undefined : launch.impossible);
    host.add(isolated, plugin.settings, held);
  }

  #addDamaged({ id, reason }: DamagedGrant): void {
    const { builtIn, host, log } = this.#parts;
    log.error("The grant of a third-party plugin can't be read", { plugin: id, reason });
    if (builtIn.includes(id) || id === host.core.id || !pluginIdSchema.safeParse(id).success) return;
    host.add(damagedPlugin({ id, reason }), {}, reason);
    this.#damaged.add(id);
  }

  async #died(id: string, care: Care, reason: string): Promise<void> {
    const { host, log, grants } = this.#parts;
    if (host.core.signal.aborted) return;
    const pause = care.guard.crashed();
    if (pause !== undefined) {
      log.warn("A plugin has crashed", { plugin: id, reason, pauseMs: pause });
      care.cancel = host.core.after(pause, async () => {
        // The owner may have started it meanwhile, with other settings.
        if (host.status().find((plugin) => plugin.id === id)?.state === "failed") await host.restart(id);
      });
      await host.fail(id, `${reason}. It starts again in ${pause / 1_000} s`);
      return;
    }
    const off = `Switched off after ${MOST_CRASHES} crashes in ${WITHIN_MS / 60_000} min. The last: ${reason}`
      .slice(0, 500);
    log.error("A plugin has crashed too often and is switched off", { plugin: id, reason });
    grants.put({ ...this.#find(id), off: { by: "crashes", reason: off } });
    await host.fail(id, off);
  }

  /** Starts another version with what of the settings still fits it. */
  #trim(id: string, error: unknown): void {
    const { host, log, grants } = this.#parts;
    const plugin = this.#find(id);
    const settings = fittingSettings(plugin.settings, error);
    if (!settings) return;
    grants.put({ ...plugin, settings });
    const dropped = Object.keys(plugin.settings).filter((name) => !(name in settings));
    log.warn("Settings of a plugin do not fit its new version", { plugin: id, dropped: dropped.join(", ") });
    void host.restart(id, settings);
  }

  /** Not by itself, as after a crash: nobody has let in what is there now. */
  async #changed(id: string, reason: string): Promise<void> {
    const { host, log, grants } = this.#parts;
    const plugin = this.#find(id);
    if (host.core.signal.aborted || plugin.off?.by === "changed") return;
    grants.put({ ...plugin, off: { by: "changed", reason: reason.slice(0, 500) } });
    log.error("A plugin's files have changed", { plugin: id, reason });
    await host.fail(id, reason);
    await this.#record("plugin-changed", WATCH, { plugin: id, version: plugin.manifest.version });
  }

  async #forget(id: string): Promise<void> {
    if (this.#damaged.delete(id)) return await this.#parts.host.remove(id);
    const care = this.#care.get(id);
    if (!care) return;
    this.#care.delete(id);
    care.cancel();
    await this.#parts.host.remove(id);
  }

  /** Empty where the grant can't be read: that is to be removed most of all. */
  #versionOf(id: string): string {
    return this.damaged().some((each) => each.id === id) ? "" : this.#find(id).manifest.version;
  }

  #find(id: string): GrantedPlugin {
    const plugin = this.#parts.grants.get(id);
    if (plugin) return plugin;
    throw new LatchkeyError("plugin-unknown", `There is no third-party plugin "${id}"`, { status: 404 });
  }

  #assertFree(id: string): void {
    if (!this.#parts.builtIn.includes(id)) return;
    throw new LatchkeyError("plugin-known", `"${id}" is the id of a built-in plugin`, { status: 409 });
  }
}
