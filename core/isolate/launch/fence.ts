import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isLoopback } from "../../config/listen_address.ts";
import { isPrivate } from "../../tls/names.ts";
import type { LaunchOrder } from "../process.ts";

/** Where things are. */
export interface Grounds {
  /** The folder of all third-party plugins. */
  plugins: string;
  /** What a plugin's process runs: see `scripts/build_plugin_host.ts`. */
  host: string;
  /** Deno itself. */
  deno: string;
  /** The folder of `setpriv`, `prlimit` and `nice`; undefined where one of them is missing. */
  tools: string | undefined;
  /** Where this is root under systemd: the scope that plugins' units end with, see `openScope`. */
  scope?: string | undefined;
}

export interface Command {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** What Deno 2.9.6 sets aside at its start without using it: the kernel's limit counts that too. */
const SET_ASIDE_MB = 592;
const MB = 1_024 * 1_024;
/** A plugin that is busy for ever takes what nobody else wants. */
const NICENESS = 10;

/** Ranges that a name of the internet has no business to lead to. Deno can't refuse ranges of IPv6. */
const LOOPBACK = ["127.0.0.0/8", "0.0.0.0/8", "169.254.0.0/16", "[::1]", "[::]"];
const LAN = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Deno with the permissions that follow from what was granted. */
export function denoArgs(
  { id, entry, net, memoryMb }: LaunchOrder,
  { plugins, host, deno }: Grounds,
): string[] {
  const folder = join(plugins, id);
  return [
    deno,
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--cached-only",
    "--no-remote",
    "--no-npm",
    "--deny-import",
    `--import-map=${join(host, "imports.json")}`,
    `--allow-read=${folder},${host}`,
    ...netFlags(net),
    `--v8-flags=--max-old-space-size=${memoryMb},--max-semi-space-size=1`,
    join(host, "child.js"),
    pathToFileURL(join(folder, entry)).href,
  ];
}

/** The command that starts a plugin, within the kernel's limits where there is a program to set them. */
export function pluginCommand(order: LaunchOrder, grounds: Grounds): Command {
  const { plugins, tools } = grounds;
  const run = denoArgs(order, grounds);
  const [file = "", ...args] = tools === undefined ? run : [
    join(tools, "setpriv"),
    // Also where it hangs: its end of the pipe is then not looked at.
    "--pdeathsig=KILL",
    "--no-new-privs",
    join(tools, "prlimit"),
    // The flag of V8 alone is no limit: a plugin can change it, and what lies beside the heap is not counted.
    `--data=${(SET_ASIDE_MB + order.memoryMb) * MB}`,
    "--core=0",
    "--nofile=256",
    join(tools, "nice"),
    `--adjustment=${NICENESS}`,
    ...run,
  ];
  return {
    file,
    args,
    cwd: join(plugins, order.id),
    env: { DENO_DIR: cacheOf(plugins, order.id), ...plainEnv(order) },
  };
}

/**
 * Variables that are the same wherever a plugin runs. Deno lets a name lead to `::ffff:127.0.0.1`, whatever is denied:
 * of names that it asks the network for, the C library is told to take IPv4 addresses only, and these Deno does check.
 */
export const plainEnv = ({ net }: Pick<LaunchOrder, "net">): Record<string, string> => ({
  NO_COLOR: "1",
  ...(deniedBy(net).length > 0 ? { RES_OPTIONS: "no-aaaa" } : {}),
});

/** Compiled code of plugins; none of the panel's. */
export const cachesOf = (plugins: string): string => join(plugins, ".deno");

/** A plugin's own: what is compiled of it goes when it goes. */
export const cacheOf = (plugins: string, id: string): string => join(cachesOf(plugins), id);

/** Hosts by name, but not a name that leads into the house, unless something of the house was granted. */
function netFlags(net: readonly string[]): string[] {
  if (net.length === 0) return [];
  const denied = deniedBy(net);
  return [`--allow-net=${net.join(",")}`, ...(denied.length > 0 ? [`--deny-net=${denied.join(",")}`] : [])];
}

/** Ranges that are nothing of what was granted. */
function deniedBy(net: readonly string[]): string[] {
  if (net.length === 0) return [];
  const hosts = net.map((target) => target.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
  return [
    ...(hosts.some(isLoopback) ? [] : LOOPBACK),
    ...(hosts.some((host) => isPrivate(host) && !isLoopback(host)) ? [] : LAN),
  ];
}
