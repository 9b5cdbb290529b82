import type { Clock } from "../clock.ts";
import type { PanelConfig } from "../config/schema.ts";
import { startServer } from "../http/server.ts";
import { createLog, jsonLine, type LogSink, readableLine } from "../log.ts";
import type { Plugin } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import { createRuntime, type Runtime } from "../runtime.ts";

export interface PanelOptions {
  config: PanelConfig;
  /** The configuration file: settings changed by the API are saved there. */
  path: string;
  plugins: readonly Plugin[];
  webDir: string;
  newOwnerToken: boolean;
  clock: Clock;
  random: Random;
}

export interface OpenPanel {
  runtime: Runtime;
  port: number;
  /** Takes no more requests, then outputs off, plugins undone, database closed. */
  stop(): Promise<void>;
}

/**
 * A panel that listens. The address is taken first: where that fails nothing has happened yet, no owner's token was
 * made that nobody saw. Requests that come before the panel is there wait for it.
 * @throws {LatchkeyError} as `startServer` and `createRuntime` do
 */
export async function openPanel(options: PanelOptions): Promise<OpenPanel> {
  const { config, path, clock } = options;
  const logSink = sinkFor(config);
  const log = createLog({ level: config.log.level, now: () => clock.now(), sink: logSink });
  const starting = Promise.withResolvers<Runtime>();
  starting.promise.catch(() => {});
  const server = await startServer({
    fetch: async (request, info) => (await starting.promise).fetch(request, info),
    host: config.host,
    port: config.port,
    log,
  });
  try {
    const runtime = await createRuntime({
      ...options,
      logSink,
      async saveSettings(plugin, values) {
        const { savePluginSettings } = await import("../config/save.ts");
        savePluginSettings(path, plugin, values);
      },
    });
    starting.resolve(runtime);
    return {
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

/** The log goes where errors go: what the panel says to a person stays apart. */
function sinkFor({ log: { format } }: PanelConfig): LogSink {
  const text = format === "json" ? jsonLine : readableLine;
  return (line) => console.error(text(line));
}
