import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import { type Args, parseArgs } from "./args.ts";
import { isListenAddress } from "./listen_address.ts";
import { variableOf } from "./variable.ts";

export type Environment = Record<string, string | undefined>;

/** What a configuration is made from. */
export interface Surroundings {
  argv: readonly string[];
  env: Environment;
  /** A file's text, or undefined where there is none. */
  readFile(path: string): string | undefined;
}

/** The `PANEL_…` variables: a supervised runtime has no environment and gets them as `--from-env NAME=VALUE`. */
export function environment(args: Args, env: Environment): Environment {
  if (!args.switches.has("supervised")) return env;
  return Object.fromEntries(
    args.options.filter(([name]) => name === "from-env").map(([, pair]) => {
      const cut = pair.indexOf("=");
      return [pair.slice(0, cut), pair.slice(cut + 1)];
    }),
  );
}

/** Which file to read: a named one, or `panel.yaml` in the data directory, which need not be there. */
export function configPath(args: Args, given: Environment): { path: string; explicit: boolean } {
  const env = environment(args, given);
  const named = last(args, "config") ?? env.PANEL_CONFIG;
  if (named !== undefined) return { path: named, explicit: true };
  return { path: join(last(args, "data") ?? env.PANEL_DATA ?? "data", "panel.yaml"), explicit: false };
}

export interface Outline {
  /** An absolute path, as is `config`. */
  data: string;
  host: string;
  port: number;
  config: string;
  /** The port of plain HTTP that only sends to the one that speaks TLS. */
  redirectPort?: number;
  /** Absolute paths of the owner's own certificate and its key, where there is one. */
  certificate: readonly string[];
  /** Whether the configuration file was named, or is there. */
  hasConfig: boolean;
  /** Only explains itself: nothing is to be started. */
  explains: boolean;
  /** Any setting such as `plugins.lock` as it was given, unchecked; undefined where it was not. */
  given(name: string): unknown;
}

const OUTLINE = { data: "data", host: "127.0.0.1", port: "8080" };

/**
 * What must be known before the configuration is checked: which permissions the runtime needs. Never faults over a
 * wrong value: it gives the default, and the runtime then refuses the value with an explanation.
 */
export async function outline({ argv, env, readFile }: Surroundings): Promise<Outline> {
  const args = parseArgs(argv);
  const { path, explicit } = configPath(args, env);
  const text = readFile(path);
  const file = text === undefined ? {} : await looseYaml(text);
  // The file in the data directory can't say where that is.
  if (!explicit) delete file["data"];
  const given = (name: string, inFile: unknown) =>
    last(args, name) ?? env[variableOf(name.split("."))] ?? inFile;
  const value = (name: keyof typeof OUTLINE, isValid: (text: string) => boolean) => {
    const text = String(given(name, file[name]) ?? "");
    return isValid(text) ? text : OUTLINE[name];
  };
  const tls = record(file["tls"]);
  const ofTls = (name: string) => String(given(`tls.${name}`, tls[name]) ?? "");
  const redirectPort = ofTls("redirectPort");
  return {
    data: resolve(value("data", (text) => text !== "")),
    host: value("host", isListenAddress),
    port: Number(value("port", isPort)),
    config: resolve(path),
    ...(isPort(redirectPort) ? { redirectPort: Number(redirectPort) } : {}),
    certificate: [ofTls("cert"), ofTls("key")].filter(Boolean).map((path) => resolve(path)),
    hasConfig: explicit || text !== undefined,
    explains: args.switches.has("help") || args.switches.has("version"),
    given: (name) => given(name, inside(file, name.split("."))),
  };
}

/** @throws {LatchkeyError} `config-unreadable` */
export function readConfigFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const why = code === "EISDIR" ? "it is a directory" : errorText(error);
    throw new LatchkeyError("config-unreadable", `Cannot read the configuration ${path}: ${why}`);
  }
}

function last(args: Args, name: string): string | undefined {
  return args.options.findLast(([given]) => given === name)?.[1];
}

async function looseYaml(text: string): Promise<Record<string, unknown>> {
  const { parseDocument } = await import("yaml");
  try {
    return record(parseDocument(text).toJS());
  } catch {
    return {};
  }
}

function inside(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  const fields = record(value);
  return Object.hasOwn(fields, key) ? inside(fields[key], rest) : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
