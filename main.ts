/** The runtime: one panel, from its configuration to its end. */
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openPanel } from "./core/boot/panel.ts";
import { mediaSocketPath, socketPath } from "./core/boot/permissions.ts";
import { pluginLaunch } from "./core/boot/plugin_launch.ts";
import { startBlock } from "./core/boot/start_block.ts";
import { stopRequest } from "./core/boot/stop_request.ts";
import { systemClock } from "./core/clock.ts";
import { parseArgs } from "./core/config/args.ts";
import { helpText } from "./core/config/help.ts";
import { loadConfig } from "./core/config/load.ts";
import { readConfigFile } from "./core/config/surroundings.ts";
import { LatchkeyError } from "./core/errors.ts";
import { systemRandom } from "./core/random.ts";
import { VERSION } from "./core/runtime.ts";
import { SocketPort } from "./drivers/sim/link.ts";
import { simBoard } from "./drivers/sim/mod.ts";
import { SocketMediaPort } from "./media/link.ts";
import { mediaLink } from "./media/mod.ts";
import { builtInPlugins, simulatorPlugins } from "./plugins/mod.ts";

/** The project's directory: the bundle lies two below it. */
const isBundle = import.meta.url.endsWith("/dist/runtime/main.js");
const root = fileURLToPath(new URL(isBundle ? "../.." : ".", import.meta.url));

const pluginsOn = (data: string) => [
  simBoard(new SocketPort(socketPath(data), systemClock)),
  mediaLink(new SocketMediaPort(mediaSocketPath(data), systemClock)),
  ...builtInPlugins,
  ...simulatorPlugins,
];

async function run(argv: string[], stop: Promise<void>): Promise<void> {
  const surroundings = { argv, env: process.env, readFile: readConfigFile, plugins: pluginsOn("") };
  const { config, path, switches } = await loadConfig(surroundings);
  const panel = await openPanel({
    config,
    path,
    plugins: pluginsOn(config.data),
    webDir: join(root, "web", "dist"),
    reclaim: switches.has("reclaim"),
    pluginLaunch: () =>
      pluginLaunch({ supervised: switches.has("supervised"), safeMode: switches.has("safe-mode") }),
    say: console.log,
    clock: systemClock,
    random: systemRandom,
  });
  const { runtime, port, offer, fingerprint } = panel;
  const plugins = runtime.host.status();
  console.log(startBlock({ config, version: VERSION, port, plugins, offer, fingerprint }));
  await stop;
  await panel.stop();
}

try {
  const argv = process.argv.slice(2);
  const { switches } = parseArgs(argv);
  if (switches.has("help")) console.log(helpText(pluginsOn("")));
  else if (switches.has("version")) console.log(`Latchkey ${VERSION}`);
  else await run(argv, stopRequest(switches.has("supervised")));
  process.exit(0);
} catch (error) {
  if (!(error instanceof LatchkeyError)) throw error;
  console.error(error.message);
  process.exit(2);
}
