import { join } from "node:path";
import { accessService } from "./access/keys.ts";
import { createClockTrust } from "./access/clock_trust.ts";
import { setupAccess } from "./access/setup.ts";
import { setupAuth } from "./auth/setup.ts";
import { createBackupDesk } from "./backup/desk.ts";
import { setupCalls } from "./calls/setup.ts";
import type { Clock } from "./clock.ts";
import { configJsonSchema } from "./config/json_schema.ts";
import type { PanelConfig } from "./config/schema.ts";
import { createApi } from "./http/api.ts";
import type { Api, Identity } from "./http/deps.ts";
import { RouteTable } from "./http/route_table.ts";
import { ThirdPartyDoor } from "./isolate/door.ts";
import { storedGrants } from "./isolate/grants.ts";
import { trustedKeys } from "./isolate/install/trusted_keys.ts";
import type { Launch } from "./isolate/process.ts";
import type { Json } from "./json.ts";
import { createLog, type Log, type LogSink } from "./log.ts";
import { Host } from "./plugin/host.ts";
import type { Plugin } from "./plugin/plugin.ts";
import { setupMembers } from "./members/setup.ts";
import { type Random, randomId } from "./random.ts";
import { createSettings } from "./settings.ts";
import { lockData } from "./store/data_lock.ts";
import { openStore, type Store } from "./store/database.ts";
import { loadKeys } from "./store/keys_file.ts";
import { pluginsDir } from "./store/paths.ts";
import { pluginState, stateSizes } from "./store/plugin_state.ts";
import { keepTidy } from "./store/tidy.ts";
import { setupFiles } from "./files.ts";
import { setupPanel } from "./panel.ts";
import { setupTime } from "./time.ts";
import { VERSION } from "./version.ts";

export { VERSION };

/** What the panel is claimed with. */
export interface ClaimOffer {
  code: string;
  deviceId: string;
  /** SHA-256 of the certificate to trust; null without TLS. */
  fingerprint: string | null;
}

export interface RuntimeOptions {
  config: PanelConfig;
  /** The configuration file, for backups. */
  path?: string;
  /** The built-in plugins in the order of the health page; services decide the order of starting. */
  plugins: readonly Plugin[];
  clock: Clock;
  random: Random;
  logSink: LogSink;
  /** Writes a plugin's values to the configuration file; resolved when they are on disk. */
  saveSettings(plugin: string, values: Json): Promise<void>;
  /** What starts third-party plugins, or why nothing does; asked where there are any. */
  pluginLaunch?: () => Promise<Launch | { impossible: string }>;
  /** The built pages; without it there are none. */
  webDir?: string;
  /** Whether the code to claim the panel with is shown only to who is at the unit. */
  presenceByCode: boolean;
  /** Told of each code to claim the panel with. */
  offerClaim(offer: ClaimOffer): void;
  /** SHA-256 of the certificate to trust; null without TLS. */
  fingerprint: string | null;
  /** The port that the panel is reached at; the configured one unless told. */
  port?: number;
  /** Whether it speaks TLS. */
  secure?: boolean;
  /** Filled with the host names that plugins give the panel. */
  hostNames?: Set<string>;
  /** The certificate to trust, PEM; absent without TLS. */
  rootCertificate?: string;
}

export interface Runtime {
  readonly fetch: Api["fetch"];
  readonly host: Host;
  readonly log: Log;
  readonly identity: () => Identity;
  readonly thirdParty: ThirdPartyDoor;
  /** Outputs off, plugins undone, database closed. */
  stop(): Promise<void>;
  /** Drops the database without a word, as SIGKILL does: for tests. */
  crash(): void;
}

/**
 * A whole panel but for its sockets.
 * @throws {LatchkeyError} `data-busy`, `data-read-only`, `database-damaged`, `database-newer`, `database-read-only`, `keys-missing`
 */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const unlock = lockData(options.config.data);
  try {
    return await assemble(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function assemble(options: RuntimeOptions, unlock: () => void): Promise<Runtime> {
  const { config, clock, random } = options;
  const plugins = options.plugins.filter((plugin) => config.plugins[plugin.id] !== false);
  const log = createLog({ level: config.log.level, now: () => clock.now(), sink: options.logSink });
  const keys = loadKeys(config.data, random);
  const store = openStore(join(config.data, "access.db"));
  const routes = new RouteTable();
  const host = new Host({ clock, random, log, storeFor: pluginState(store), serve: routes.serve });
  try {
    keepTidy(host.core, store);
    const trust = createClockTrust({ clock, store });
    const access = setupAccess(host.core, { store, keys, trust, dataDir: config.data, random });
    setupFiles(host.core, config.data);
    setupTime(host.core, { zone: config.zone, trust });
    setupCalls(host.core, {
      store,
      random,
      ringMs: config.calls.ringSeconds * 1_000,
      maxMs: config.calls.maxMinutes * 60_000,
    });
    const deviceId = deviceIdOf(store, random);
    const identity = () => ({
      deviceId,
      fingerprint: options.fingerprint,
      claimed: access.members.owners() > 0,
    });
    const hostNames = options.hostNames ?? new Set<string>();
    setupPanel(host.core, {
      hostNames,
      describe: () => ({
        id: deviceId,
        name: config.name,
        version: VERSION,
        claimed: identity().claimed,
        host: config.host,
        port: options.port ?? config.port,
        secure: options.secure ?? false,
      }),
    });
    const claim = setupMembers(host.core, {
      access,
      random,
      bearerAllowed: config.bearerTokens,
      presenceByCode: options.presenceByCode,
      dataDir: config.data,
      offerClaim: (code) => options.offerClaim({ code, deviceId, fingerprint: options.fingerprint }),
    });
    const auth = setupAuth(host.core, {
      members: access.members,
      random,
      bearerAllowed: config.bearerTokens,
      clockTrusted: () => trust.trusted(),
    });
    const accessOf = () => host.core.use(accessService);
    const thirdParty = new ThirdPartyDoor({
      host,
      clock,
      log,
      random,
      grants: storedGrants(store),
      keys: trustedKeys(store),
      plugins: pluginsDir(config.data),
      launch: options.pluginLaunch,
      builtIn: options.plugins.map(({ id }) => id),
      stateSizes: (id) => stateSizes(store, id),
      access: accessOf,
    });
    const settings = createSettings({
      host,
      plugins: () => [...plugins, ...thirdParty.plugins()],
      async save(id, values) {
        if (plugins.some((plugin) => plugin.id === id)) await options.saveSettings(id, values);
        else thirdParty.saveSettings(id, values as { [key: string]: Json });
      },
      access: accessOf,
    });
    const api = createApi({
      core: host.core,
      bus: host.bus,
      routes,
      log,
      random,
      panel: { name: config.name, version: VERSION },
      plugins: () => host.status(),
      settings,
      thirdParty,
      clockTrust: trust,
      ...auth,
      claim,
      backups: createBackupDesk(host.core, {
        accessLog: access.accessLog,
        dataDir: config.data,
        configPath: options.path,
        name: config.name,
        version: VERSION,
      }),
      identity,
      ...(options.rootCertificate === undefined ? {} : { rootCertificate: options.rootCertificate }),
      configSchema: () => configJsonSchema(options.plugins),
      address: { host: config.host, hosts: config.hosts, further: hostNames },
      ...(options.webDir === undefined ? {} : { webDir: options.webDir }),
    });
    for (const plugin of plugins) host.add(plugin, config.plugins[plugin.id] ?? {});
    await host.start();
    // Nobody waits for them: a panel opens before they have started.
    thirdParty.begin();
    return {
      fetch: api.fetch,
      host,
      log,
      identity,
      thirdParty,
      async stop() {
        await host.stop();
        store.close();
        unlock();
      },
      crash() {
        store.close();
        unlock();
      },
    };
  } catch (error) {
    await host.stop();
    store.close();
    throw error;
  }
}

/** Made at the first start. */
function deviceIdOf(store: Store, random: Random): string {
  const known = store.prepare("SELECT value FROM meta WHERE key = 'device.id'").get()?.["value"];
  if (typeof known === "string") return known;
  const fresh = randomId(random);
  store.transaction(() => store.prepare("INSERT INTO meta (key, value) VALUES ('device.id', ?)").run(fresh));
  return fresh;
}
