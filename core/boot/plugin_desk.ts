import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Duplex } from "node:stream";
import { systemClock } from "../clock.ts";
import { randomId, systemRandom } from "../random.ts";
import { pluginsDir } from "../store/paths.ts";
import { pluginHostDir } from "./permissions.ts";

const TOOLS = "/usr/bin";
const NEEDED = ["setpriv", "prlimit", "nice"];

export interface PluginDeskOptions {
  data: string;
  /** The project's directory. */
  root: string;
  say(line: string): void;
}

/** What serves a runtime that asks for plugins; loaded when the first one is asked for. Undefined on Node: it has no fence. */
export function servePlugins({ data, root, say }: PluginDeskOptions): ((link: Duplex) => void) | undefined {
  if (process.versions["deno"] === undefined) return undefined;
  return (link) => {
    link.on("error", () => {});
    link.once("data", async (first: Uint8Array) => {
      link.pause();
      link.unshift(first);
      const [{ PluginDesk }, { spawnOn }, { openScope }] = await Promise.all([
        import("../isolate/launch/desk.ts"),
        import("../isolate/launch/spawn.ts"),
        import("../isolate/launch/scope.ts"),
      ]);
      const scope = isRootUnderSystemd(data) ? `latchkey-plugins-${randomId(systemRandom)}` : undefined;
      const tools = NEEDED.every((tool) => existsSync(join(TOOLS, tool))) ? TOOLS : undefined;
      if (!tools && !scope) {
        say(`Plugins run without limits of memory: ${NEEDED.join(", ")} are not all in ${TOOLS}`);
      }
      const grounds = {
        plugins: pluginsDir(data),
        host: pluginHostDir(root),
        deno: process.execPath,
        tools,
        scope,
      };
      const opened = scope && await openScope(scope, systemClock, say);
      if (opened && link.destroyed) return opened.close();
      if (opened) link.once("close", () => opened.close());
      new PluginDesk({ link, spawn: spawnOn(grounds, systemClock), say });
      link.resume();
    });
  };
}

/** By the owner of the directory that it has made: to ask who it is, it would need one more permission. */
function isRootUnderSystemd(data: string): boolean {
  return existsSync("/run/systemd/system") && existsSync("/usr/bin/systemd-run") && statSync(data).uid === 0;
}
