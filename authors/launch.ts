import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { duplexPair } from "node:stream";
import { pluginHostDir } from "../core/boot/permissions.ts";
import { systemClock } from "../core/clock.ts";
import { PluginDesk } from "../core/isolate/launch/desk.ts";
import { remoteLaunch } from "../core/isolate/launch/remote.ts";
import { spawnOn } from "../core/isolate/launch/spawn.ts";
import type { Launch } from "../core/isolate/process.ts";
import { pluginsDir } from "../core/store/paths.ts";
import { buildPluginHost } from "../scripts/build_plugin_host.ts";
import { ROOT } from "./tools/tool.ts";

const TOOLS = "/usr/bin";
const NEEDED = ["setpriv", "prlimit", "nice"];

export interface LaunchParts {
  /** The panel's data directory. */
  data: string;
  /** A folder where Deno writes, for each of a plugin's processes, which permissions it asks for. */
  audit?: string;
}

/** What starts plugins' processes as the supervisor does, but from this process. */
export async function ownLaunch({ data, audit }: LaunchParts): Promise<Launch> {
  await buildPluginHost();
  const [link, supervisors] = duplexPair();
  const grounds = {
    plugins: pluginsDir(data),
    host: pluginHostDir(ROOT),
    deno: audit === undefined ? Deno.execPath() : auditedDeno(data, audit),
    tools: NEEDED.every((tool) => existsSync(join(TOOLS, tool))) ? TOOLS : undefined,
  };
  new PluginDesk({ link: supervisors, spawn: spawnOn(grounds, systemClock), say: console.error });
  return remoteLaunch(link);
}

/** Deno, told to write down what it is asked for: the launcher gives a plugin's process no variables. */
function auditedDeno(data: string, audit: string): string {
  const path = join(data, "audited-deno");
  const quoted = [audit, Deno.execPath()].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(path, `#!/bin/sh\nDENO_AUDIT_PERMISSIONS=${quoted[0]}/$$ exec ${quoted[1]} "$@"\n`);
  chmodSync(path, 0o700);
  return path;
}
