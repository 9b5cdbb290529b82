import type { Clock } from "../clock.ts";
import type { PanelConfig } from "../config/schema.ts";
import { usesTls } from "../config/tls_rules.ts";
import { assertFree } from "../http/listen.ts";
import { type Redirect, startRedirect } from "../http/redirect.ts";
import { startServer } from "../http/server.ts";
import { createLog, jsonLine, type Log, type LogSink, readableLine } from "../log.ts";
import { claimService } from "../members/keys.ts";
import type { Plugin } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import { type ClaimOffer, createRuntime, type Runtime } from "../runtime.ts";
import { lockData } from "../store/data_lock.ts";
import { openAuthority } from "../tls/authority.ts";
import { openOwnCertificate } from "../tls/own_certificate.ts";
import { keepRenewed } from "../tls/renewal.ts";
import type { CertificateSource } from "../tls/source.ts";
import type { PluginLaunch } from "./plugin_launch.ts";
import { codeIsPresence, givenNames, namesOf } from "./reach.ts";
import { keepLabel } from "./claim_label.ts";
import { claimLines } from "./start_block.ts";

export interface PanelOptions {
  config: PanelConfig;
  /** The configuration file: settings changed by the API are saved there. */
  path: string;
  plugins: readonly Plugin[];
  webDir: string;
  /** What starts third-party plugins, or why nothing does. */
  pluginLaunch: () => Promise<PluginLaunch>;
  /** Opens the panel to be claimed again, once it runs. */
  reclaim: boolean;
  /** Tells whoever is at the panel, such as of a new code to claim it with. */
  say(text: string): void;
  clock: Clock;
  random: Random;
  /** Where the log goes; to the standard error unless told. */
  logSink?: LogSink;
}

export interface OpenPanel {
  runtime: Runtime;
  port: number;
  /** What the panel can be claimed with at its start, where it has no owner. */
  offer: ClaimOffer | undefined;
  /** SHA-256 of the certificate that devices trust; null without TLS. */
  fingerprint: string | null;
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
  const logSink = options.logSink ?? sinkFor(config);
  const log = createLog({ level: config.log.level, now: () => clock.now(), sink: logSink });
  const hostNames = new Set<string>();
  const names = () => [...namesOf(config), ...hostNames];
  const source = usesTls(config) ? await openCertificates(options, log) : undefined;
  // Whether the clock is right, nobody knows yet.
  const shown = await source?.pair({ now: clock.now(), trusted: false }, names());
  const starting = Promise.withResolvers<Runtime>();
  starting.promise.catch(() => {});
  const server = await startServer({
    fetch: async (request, info) => (await starting.promise).fetch(request, info),
    host: config.host,
    port: config.port,
    log,
    tls: shown,
  });
  let redirect: Redirect | undefined;
  let offer: ClaimOffer | undefined;
  let isOpen = false;
  try {
    redirect = await startOwnRedirect(config, server.port, hostNames, log);
    const runtime = await createRuntime({
      ...options,
      presenceByCode: codeIsPresence(config),
      offerClaim(next) {
        offer = next;
        keepLabel(config, server.port, next, log);
        if (isOpen) options.say(claimLines(config, server.port, next).join("\n"));
      },
      // An owner's certificate is renewed while the panel runs.
      get fingerprint() {
        return source?.fingerprint ?? null;
      },
      ...(source?.root === undefined ? {} : { rootCertificate: source.root }),
      port: server.port,
      secure: source !== undefined,
      hostNames,
      logSink,
      async saveSettings(plugin, values) {
        const { savePluginSettings } = await import("../config/save.ts");
        savePluginSettings(path, plugin, values);
      },
    });
    if (options.reclaim) await runtime.host.core.use(claimService).reopen("start");
    starting.resolve(runtime);
    if (source && shown) keepRenewed(runtime.host.core, { source, names, shown, show: server.renew });
    isOpen = true;
    return {
      offer,
      fingerprint: source?.fingerprint ?? null,
      runtime,
      port: server.port,
      async stop() {
        await Promise.all([server.close(), redirect?.close(), runtime.stop()]);
      },
    };
  } catch (error) {
    starting.reject(error);
    await Promise.all([server.close(), redirect?.close()]);
    throw error;
  }
}

/** Before anything listens, and while no other panel uses the directory. Leaves nothing where it could not listen. */
async function openCertificates(options: PanelOptions, log: Log): Promise<CertificateSource> {
  const { config, random } = options;
  await assertFree({ host: config.host, port: config.port, field: "port" });
  const { cert, key } = config.tls;
  if (cert !== undefined && key !== undefined) {
    return openOwnCertificate({ files: { cert, key }, names: givenNames(config), log });
  }
  const unlock = lockData(config.data);
  try {
    return await openAuthority({
      dataDir: config.data,
      name: config.name,
      names: namesOf(config),
      random,
      log,
    });
  } finally {
    unlock();
  }
}

async function startOwnRedirect(
  { host, hosts, tls }: PanelConfig,
  securePort: number,
  further: ReadonlySet<string>,
  log: Log,
): Promise<Redirect | undefined> {
  if (tls.redirectPort === undefined) return undefined;
  return await startRedirect({ address: { host, hosts, further }, port: tls.redirectPort, securePort, log });
}

/** The log goes where errors go: what the panel says to a person stays apart. */
function sinkFor({ log: { format } }: PanelConfig): LogSink {
  const text = format === "json" ? jsonLine : readableLine;
  return (line) => console.error(text(line));
}
