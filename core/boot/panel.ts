import type { Clock } from "../clock.ts";
import type { PanelConfig } from "../config/schema.ts";
import { startServer } from "../http/server.ts";
import { createLog, jsonLine, type LogSink, readableLine } from "../log.ts";
import { claimService } from "../members/keys.ts";
import type { Plugin } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import { type ClaimOffer, createRuntime, type Runtime } from "../runtime.ts";
import { lockData } from "../store/data_lock.ts";
import { loadTls, type Tls } from "../tls/authority.ts";
import { codeIsPresence, namesOf, usesTls } from "./reach.ts";
import { claimLines } from "./start_block.ts";

const DAY_MS = 24 * 60 * 60_000;

export interface PanelOptions {
  config: PanelConfig;
  /** The configuration file: settings changed by the API are saved there. */
  path: string;
  plugins: readonly Plugin[];
  webDir: string;
  /** Opens the panel to be claimed again, once it runs. */
  reclaim: boolean;
  /** Tells whoever is at the panel, such as of a new code to claim it with. */
  say(text: string): void;
  clock: Clock;
  random: Random;
}

export interface OpenPanel {
  runtime: Runtime;
  port: number;
  /** What the panel can be claimed with at its start, where it has no owner. */
  offer: ClaimOffer | undefined;
  /** Takes no more requests, then outputs off, plugins undone, database closed. */
  stop(): Promise<void>;
}

/**
 * A panel that listens. The address is taken first: where that fails nothing has happened yet, no code was
 * shown that is worth nothing. Requests that come before the panel is there wait for it.
 * @throws {LatchkeyError} as `startServer` and `createRuntime` do
 */
export async function openPanel(options: PanelOptions): Promise<OpenPanel> {
  const { config, path, clock } = options;
  const logSink = sinkFor(config);
  const log = createLog({ level: config.log.level, now: () => clock.now(), sink: logSink });
  const tls = usesTls(config) ? await loadOwnTls(options) : undefined;
  const starting = Promise.withResolvers<Runtime>();
  starting.promise.catch(() => {});
  const server = await startServer({
    fetch: async (request, info) => (await starting.promise).fetch(request, info),
    host: config.host,
    port: config.port,
    log,
    tls,
  });
  let offer: ClaimOffer | undefined;
  let isOpen = false;
  try {
    const runtime = await createRuntime({
      ...options,
      presenceByCode: codeIsPresence(config),
      offerClaim(next) {
        offer = next;
        if (isOpen) options.say(claimLines(config, server.port, next).join("\n"));
      },
      fingerprint: tls?.fingerprint ?? null,
      ...(tls ? { rootCertificate: tls.root } : {}),
      logSink,
      async saveSettings(plugin, values) {
        const { savePluginSettings } = await import("../config/save.ts");
        savePluginSettings(path, plugin, values);
      },
    });
    if (options.reclaim) await runtime.host.core.use(claimService).reopen("start");
    starting.resolve(runtime);
    if (tls) {
      runtime.host.core.every(DAY_MS, async () => server.renew(await loadTls(tlsOptions(options))));
    }
    isOpen = true;
    return {
      offer,
      runtime,
      port: server.port,
      async stop() {
        await Promise.all([server.close(), runtime.stop()]);
      },
    };
  } catch (error) {
    starting.reject(error);
    await server.close();
    throw error;
  }
}

/** Before anything listens, and while no other panel uses the directory. */
async function loadOwnTls(options: PanelOptions): Promise<Tls> {
  const unlock = lockData(options.config.data);
  try {
    return await loadTls(tlsOptions(options));
  } finally {
    unlock();
  }
}

function tlsOptions({ config, clock, random }: PanelOptions) {
  return { dataDir: config.data, name: config.name, names: namesOf(config), now: clock.now(), random };
}

/** The log goes where errors go: what the panel says to a person stays apart. */
function sinkFor({ log: { format } }: PanelConfig): LogSink {
  const text = format === "json" ? jsonLine : readableLine;
  return (line) => console.error(text(line));
}
