import { type AccessService, accessService } from "../../access/keys.ts";
import type { LogRow } from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import type { Route } from "../../http/route.ts";
import { createLog, type LogLine } from "../../log.ts";
import type { Bus, Tap } from "../../plugin/bus.ts";
import { Host } from "../../plugin/host.ts";
import { type AnyService, type Context, definePlugin, type Plugin } from "../../plugin/plugin.ts";
import { memoryStore } from "../../testing/memory_store.ts";
import { VirtualClock } from "../../testing/virtual_clock.ts";
import type { DamagedGrant, GrantStore } from "../grants.ts";
import { type GrantedPlugin, pluginManifestSchema, type Wants, wantsSchema } from "../manifest.ts";
import type { Launch } from "../process.ts";
import { ThirdParty } from "../third_party.ts";
import { FakeProcess, runInProcess } from "./in_process.ts";

/** A plugin whose setup is the test's. */
export const plugin = (id: string, uses: AnyService[], setup: (ctx: Context) => void | Promise<void>) =>
  definePlugin({ id, api: 1, uses, setup: (ctx) => setup(ctx as Context) });

/** A plugin as the owner let it in. */
export function grantOf(id: string, granted: Partial<Wants> = {}, settings = {}): GrantedPlugin {
  return {
    manifest: pluginManifestSchema.parse({
      id,
      title: `The ${id}`,
      version: "1.0.0",
      api: 1,
      entry: "mod.ts",
      wants: granted,
    }),
    granted: wantsSchema.parse(granted),
    digest: "0".repeat(64),
    origin: { from: "upload", package: `latchkey-plugin-${id}`, integrity: null },
    signer: null,
    settings,
    off: null,
  };
}

/** Grants that live as long as the test. */
export function memoryGrants(
  plugins: readonly GrantedPlugin[],
  damaged: readonly DamagedGrant[] = [],
): GrantStore {
  const unread = new Map(damaged.map((each) => [each.id, each]));
  const kept = new Map(plugins.map((plugin) => [plugin.manifest.id, plugin]));
  return {
    list: () => ({ plugins: [...kept.values()], damaged: [...unread.values()] }),
    get(id) {
      const { reason } = unread.get(id) ?? {};
      if (reason !== undefined) throw new LatchkeyError("grant-damaged", reason, { status: 500 });
      return kept.get(id);
    },
    put(plugin) {
      unread.delete(plugin.manifest.id);
      kept.set(plugin.manifest.id, plugin);
    },
    remove(id) {
      unread.delete(id);
      kept.delete(id);
    },
  };
}

export interface BenchOptions {
  /** The modules of the plugins, by id. The process of one without says hello, and else what the test says. */
  modules?: Record<string, Plugin>;
  /** Those whose grant can't be read. */
  damaged?: DamagedGrant[];
  /** Why no process can be started. */
  impossible?: string;
  access?: Partial<AccessService>;
}

/** A host with third-party plugins whose processes are in this one, on virtual time. */
export class IsolatedBench {
  readonly clock = new VirtualClock();
  readonly lines: LogLine[] = [];
  readonly host: Host;
  readonly grants: GrantStore;
  readonly thirdParty: ThirdParty;
  readonly routes = new Map<string, Route[]>();
  /** Everything that was emitted, by name. */
  readonly heard: { name: string; value: unknown }[] = [];
  readonly recorded: Parameters<AccessService["record"]>[0][] = [];
  /** Plugins whose files somebody has changed. */
  readonly changed = new Set<string>();
  readonly placed: string[] = [];
  readonly removed: string[] = [];
  /** Whose folders were kept at the start. */
  readonly settled: string[] = [];
  /** What each keeps, by its id. */
  readonly stores = memoryStore();
  readonly #started: FakeProcess[] = [];

  constructor(
    plugins: readonly GrantedPlugin[],
    { modules = {}, damaged = [], impossible, access = {} }: BenchOptions = {},
  ) {
    const { clock } = this;
    const log = createLog({
      level: "debug",
      now: () => clock.now(),
      sink: (line) => void this.lines.push(line),
    });
    this.host = new Host({
      clock,
      log,
      storeFor: this.stores,
      serve: (owner, routes) => {
        this.routes.set(owner, routes);
        return () => void this.routes.delete(owner);
      },
    });
    const launch: Launch = (order) => {
      const process = new FakeProcess(order);
      const module = modules[order.id];
      if (module) runInProcess(process, clock, module);
      else process.say({ t: "hello", protocols: [1] });
      this.#started.push(process);
      return process;
    };
    this.grants = memoryGrants(plugins, damaged);
    const service = {
      record: (entry: (typeof this.recorded)[number]) => {
        this.recorded.push(entry);
        return Promise.resolve({} as LogRow);
      },
      ...access,
    } as AccessService;
    this.host.core.provide(accessService, service);
    const hear: Tap = ({ name }, value) => void this.heard.push({ name, value });
    (this.host.bus as Bus).tap(hear);
    this.thirdParty = new ThirdParty({
      host: this.host,
      clock,
      log,
      grants: this.grants,
      launch: impossible === undefined ? launch : { impossible },
      builtIn: ["lock"],
      folders: {
        watch: ({ manifest }) => ({ areOthers: () => Promise.resolve(this.changed.has(manifest.id)) }),
        place: ({ digest }) => void this.placed.push(digest),
        remove: (id) => void this.removed.push(id),
        settle: (plugins, damaged) =>
          void this.settled.push(...plugins.map(({ manifest }) => manifest.id), ...damaged),
      },
      stateSizes: () => new Map(),
      access: () => service,
    });
    this.thirdParty.begin();
  }

  /** The newest process. */
  get process(): FakeProcess {
    return this.#started.at(-1)!;
  }

  get starts(): number {
    return this.#started.length;
  }

  state(id: string): string {
    const status = this.host.status().find((plugin) => plugin.id === id);
    return status ? `${status.state}${status.reason && `: ${status.reason}`}` : "absent";
  }

  /** Starts the host, in no time. */
  async start(): Promise<this> {
    let isOver = false;
    const started = this.host.start().then(() => isOver = true);
    while (!isOver) await this.clock.advance(0);
    await started;
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.host.stop();
    await this.clock.advance(10_000);
    await stopped;
  }
}
