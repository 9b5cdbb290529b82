import { join, resolve } from "node:path";
import type { Outline } from "../config/surroundings.ts";
import { LatchkeyError } from "../errors.ts";
import { isEverywhere, isLoopback } from "../config/listen_address.ts";
import type { PluginNeeds } from "./needs.ts";

/** The longest path of a unix socket that Linux and macOS both take, bytes. */
const SOCKET_PATH_BYTES = 103;

/** For every process: nobody is asked, nothing is fetched; a variable reads as one that is not set. */
const CLOSED = ["--quiet", "--no-prompt", "--cached-only", "--no-remote", "--frozen", "--ignore-env"];

/** The bundle of `main.ts`, below the project's directory: `deno task build` makes it. */
export const RUNTIME_FILE = "dist/runtime/main.js";

/** What a third-party plugin's process runs: see `scripts/build_plugin_host.ts`. */
export const pluginHostDir = (root: string): string => join(root, "dist", "plugin-host");

export const socketPath = (data: string): string => join(data, "sim.sock");

/** No longer than the other's: the directory's path may take what is left. */
export const mediaSocketPath = (data: string): string => join(data, "cam.sock");

/** V8 lets the space for new objects grow to 32 MB; a panel makes so few that this costs nothing and saves 5 MB. */
const SMALL = "--v8-flags=--max-semi-space-size=1";

/**
 * Deno's flags for the runtime: its data, its configuration, its pages, its addresses, the way to the board, and what
 * its plugins need.
 */
export function runtimeFlags(
  outline: Outline,
  root: string,
  pluginNeeds: readonly PluginNeeds[] = [],
): string[] {
  const { data, host, port, config, redirectPort, certificate, given } = outline;
  const needs = pluginNeeds.map((needsOf) => needsOf({ given, isLoopback: isLoopback(host) }));
  // Where it listens everywhere, its certificate names the machine's addresses.
  const sys = new Set([
    ...(isEverywhere(host) ? ["networkInterfaces"] : []),
    ...needs.flatMap(({ sys = [] }) => sys),
  ]);
  const files = needs.flatMap(({ read = [] }) => read);
  const writable = needs.flatMap(({ write = [] }) => write);
  // A save writes beside the file and renames, so that a crash leaves one of both.
  const own = [data, config, `${config}.new`];
  const ports = redirectPort === undefined ? [port] : [port, redirectPort];
  return [
    ...CLOSED,
    `--allow-read=${[...own, ...certificate, ...files, join(root, "web", "dist")].join(",")}`,
    `--allow-write=${[...own, ...writable].join(",")}`,
    `--allow-net=${
      [
        ...ports.flatMap((port) => addresses(host, port)),
        `unix:${socketPath(data)}`,
        `unix:${mediaSocketPath(data)}`,
        ...needs.flatMap(({ net = [] }) => net),
      ].join(",")
    }`,
    SMALL,
    ...(sys.size > 0 ? [`--allow-sys=${[...sys].join(",")}`] : []),
  ];
}

/** Deno's flags for the simulated board: its socket. */
export function boardFlags({ data }: Outline): string[] {
  const socket = socketPath(data);
  return [...CLOSED, `--allow-read=${socket}`, `--allow-write=${socket}`, `--allow-net=unix:${socket}`];
}

/**
 * Deno's flags for the media process, the widest of all: it starts ffmpeg and loads native code, which no flag holds.
 * What is named here keeps its TypeScript, and what that is asked for, in bounds.
 */
export function mediaFlags({ data }: Outline, root: string): string[] {
  const socket = mediaSocketPath(data);
  const native = join(root, "node_modules");
  return [
    ...CLOSED,
    "--allow-env=PATH",
    "--allow-run",
    `--allow-ffi=${native}`,
    `--allow-read=${[socket, native].join(",")}`,
    `--allow-write=${socket}`,
    `--allow-net=unix:${socket}`,
    "--allow-sys=cpus,hostname,networkInterfaces,osRelease",
    SMALL,
  ];
}

/**
 * Refuses what a flag can't name: Deno takes a comma for the end of a path, so the rest of it would be allowed too.
 * @throws {LatchkeyError} `path-refused`
 */
export function assertNameable({ data, config, certificate }: Outline, root: string): void {
  for (const path of [data, config, ...certificate, resolve(root)]) {
    if (path.includes(",")) {
      throw new LatchkeyError("path-refused", `Cannot use the path "${path}": it must have no comma`);
    }
  }
  const socket = socketPath(data);
  const length = new TextEncoder().encode(socket).length;
  if (length > SOCKET_PATH_BYTES) {
    throw new LatchkeyError(
      "path-refused",
      `Cannot use the data directory "${data}": the path of the board's socket in it, "${socket}", has ${length} ` +
        `bytes, and at most ${SOCKET_PATH_BYTES} are possible. Name a shorter one with --data`,
    );
  }
}

function addresses(host: string, port: number): string[] {
  const all = host === "localhost" ? [host, "127.0.0.1", "::1"] : [host];
  return all.map((name) => `${name.includes(":") ? `[${name}]` : name}:${port}`);
}
