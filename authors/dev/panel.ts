import { join } from "node:path";
import { type OpenPanel, openPanel } from "../../core/boot/panel.ts";
import { startBlock } from "../../core/boot/start_block.ts";
import { systemClock } from "../../core/clock.ts";
import { configSchema } from "../../core/config/schema.ts";
import { LatchkeyError } from "../../core/errors.ts";
import { assertFree } from "../../core/http/listen.ts";
import type { LogSink } from "../../core/log.ts";
import { systemRandom } from "../../core/random.ts";
import { VERSION } from "../../core/runtime.ts";
import { InProcessPort } from "../../drivers/sim/in_process.ts";
import { simBoard } from "../../drivers/sim/mod.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { builtInPlugins, simulatorPlugins } from "../../plugins/mod.ts";
import { buildWeb } from "../../scripts/build_web.ts";
import { ownLaunch } from "../launch.ts";
import { ROOT } from "../tools/tool.ts";

const HOST = "127.0.0.1";

export interface DevPanelOptions {
  data: string;
  /** The port; 0 takes a free one. */
  port: number;
  logSink: LogSink;
  say(text: string): void;
}

/** A panel on the simulated board in this process, with its pages, that only this machine reaches. */
export async function openDevPanel({ data, port, logSink, say }: DevPanelOptions): Promise<OpenPanel> {
  await buildWeb();
  const config = configSchema.parse({
    name: "Trial door",
    host: HOST,
    port,
    data,
    log: { level: "debug" },
  });
  const launch = await ownLaunch({ data });
  const panel = await openPanel({
    config,
    path: join(data, "panel.yaml"),
    plugins: [
      simBoard(new InProcessPort(new BoardModel(systemClock))),
      ...builtInPlugins,
      ...simulatorPlugins,
    ],
    webDir: join(ROOT, "web", "dist"),
    reclaim: false,
    pluginLaunch: () => Promise.resolve(launch),
    say,
    clock: systemClock,
    random: systemRandom,
    logSink,
  });
  const { runtime, offer, fingerprint } = panel;
  say(
    startBlock({
      config,
      version: VERSION,
      port: panel.port,
      plugins: runtime.host.status(),
      offer,
      fingerprint,
    }),
  );
  return panel;
}

/** The usual port where it is free, and any other where it is not. */
export async function usualPort(): Promise<number> {
  const { port } = configSchema.parse({});
  try {
    await assertFree({ host: HOST, port, field: "port" });
    return port;
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === "port-busy") return 0;
    throw error;
  }
}
