import { resolve } from "node:path";
import { type Fault, LatchkeyError } from "../errors.ts";
import { faultsOf, shown } from "../faults.ts";
import { parseArgs, type Switch } from "./args.ts";
import { allowed, configLeaves, type Leaf, valueOf } from "./leaves.ts";
import { configSchema, type PanelConfig, type PluginSchema } from "./schema.ts";
import { configPath, environment, type Surroundings } from "./surroundings.ts";
import type { YamlFile } from "./yaml_file.ts";

export interface LoadedConfig {
  config: PanelConfig;
  /** The configuration file: where it is, or where it would be saved. */
  path: string;
  switches: Set<Switch>;
}

interface Value {
  path: readonly string[];
  value: unknown;
  /** `--port`, `PANEL_PORT` */
  from: string;
}

/**
 * The configuration: defaults, then the file, then `PANEL_…` variables, then flags.
 * @throws {LatchkeyError} `config-unreadable`, `config-invalid` with every fault
 */
export async function loadConfig(
  { argv, env, readFile, plugins }: Surroundings & { plugins: readonly PluginSchema[] },
): Promise<LoadedConfig> {
  const args = parseArgs(argv);
  const faults = [...args.faults];
  const leaves = configLeaves(plugins);
  const values = [
    ...fromEnvironment(environment(args, env), leaves, faults),
    ...fromFlags(args.options, leaves, faults),
  ];

  const { path, explicit } = configPath(args, env);
  const text = readFile(path);
  if (text === undefined && explicit) {
    throw new LatchkeyError("config-unreadable", `Cannot read the configuration: there is no file ${path}`);
  }
  const file = text === undefined ? noFile(path) : await yamlFile(text, path);
  const raw = file.values();
  if (!explicit && "data" in raw) {
    faults.push({
      field: "data",
      value: `${JSON.stringify(shown(raw.data))}, from ${file.where(["data"])}`,
      message: "Not in a file that lies in the data directory: use --data, or name the file with --config",
    });
  }
  for (const { path, value } of values) put(raw, path, value);

  const context = { leaves, plugins, values, file };
  const core = configSchema.safeParse(raw);
  if (!core.success) faults.push(...faultsOf(core.error, raw).map((fault) => explain(fault, context)));
  const settings = parsePlugins(raw.plugins ?? {}, plugins);
  faults.push(...settings.faults.map((fault) => explain(fault, context)));
  if (!core.success || faults.length > 0) throw invalid(faults);
  return {
    config: { ...core.data, data: resolve(core.data.data), plugins: settings.values },
    path,
    switches: args.switches,
  };
}

type ConfigFile = Pick<YamlFile, "values" | "where">;

function noFile(path: string): ConfigFile {
  return { values: () => ({}), where: () => path };
}

/** Loaded where there is a file only: the package takes a fifth of a whole start. */
async function yamlFile(text: string, path: string): Promise<ConfigFile> {
  const { YamlFile } = await import("./yaml_file.ts");
  return new YamlFile(text, path);
}

/** Each built-in plugin's settings by its own schema; defaults where nothing is given. */
function parsePlugins(raw: unknown, plugins: readonly PluginSchema[]) {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { values, faults };
  const given = raw as Record<string, unknown>;
  for (const id of Object.keys(given).filter((id) => !plugins.some((plugin) => plugin.id === id))) {
    faults.push({ field: `plugins.${id}`, value: shown(given[id]), message: "Unknown field" });
  }
  for (const { id, config } of plugins) {
    const own = Object.hasOwn(given, id) ? given[id] : {};
    const parsed = config.safeParse(own ?? {});
    if (own === false) values[id] = false;
    else if (parsed.success) values[id] = parsed.data;
    else faults.push(...faultsOf(parsed.error, own, `plugins.${id}`));
  }
  return { values, faults };
}

function fromEnvironment(env: Surroundings["env"], leaves: Leaf[], faults: Fault[]): Value[] {
  return Object.entries(env).flatMap(([variable, word]) => {
    if (!variable.startsWith("PANEL_") || variable === "PANEL_CONFIG" || word === undefined) return [];
    const leaf = leaves.find((leaf) => leaf.variable === variable);
    if (leaf) return [{ path: leaf.path, value: valueOf(word, leaf.schema), from: variable }];
    faults.push({ field: variable, value: shown(word), message: "Unknown variable; --help lists all" });
    return [];
  });
}

function fromFlags(options: [string, string][], leaves: Leaf[], faults: Fault[]): Value[] {
  return options.flatMap(([name, word]) => {
    if (name === "config" || name === "from-env") return [];
    const leaf = leaves.find((leaf) => leaf.name === name);
    if (leaf) return [{ path: leaf.path, value: valueOf(word, leaf.schema), from: `--${name}` }];
    faults.push({ field: `--${name}`, value: shown(word), message: "Unknown option; --help lists all" });
    return [];
  });
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const next = target[key];
  const inner = typeof next === "object" && next !== null ? next as Record<string, unknown> : {};
  target[key] = inner;
  put(inner, rest, value);
}

interface Explanation {
  leaves: Leaf[];
  plugins: readonly PluginSchema[];
  values: Value[];
  file: ConfigFile;
}

/** Adds where the value came from, and says what is allowed where zod only says what is wrong. */
function explain(fault: Fault, { leaves, plugins, values, file }: Explanation): Fault {
  const source = values.findLast(({ path }) => path.join(".") === fault.field)?.from ??
    file.where(fault.field.split("."));
  const leaf = leaves.find((leaf) => leaf.name === fault.field);
  const isGeneral = /^(Invalid (input|option)|Too (small|big))/.test(fault.message);
  let { message } = fault;
  if (message === "Unknown field") message = unknownField(fault.field, leaves, plugins);
  else if (leaf && isGeneral) message = `Must be ${allowed(leaf.schema)}`;
  return { ...fault, value: `${JSON.stringify(fault.value ?? null)}, from ${source}`, message };
}

function unknownField(field: string, leaves: Leaf[], plugins: readonly PluginSchema[]): string {
  const parent = field.split(".").slice(0, -1);
  if (parent.join(".") === "plugins") {
    return `Unknown plugin; there is ${plugins.map(({ id }) => id).join(", ")}`;
  }
  const beside = leaves.filter(({ path }) => parent.every((part, i) => path[i] === part))
    .map(({ path }) => path[parent.length]);
  return `Unknown field; there is ${[...new Set(beside)].filter(Boolean).join(", ")}`;
}

function invalid(faults: Fault[]): LatchkeyError {
  const lines = faults.map(({ field, value, message }) =>
    `\n  ${field}: ${message}${value === undefined ? "" : ` (given: ${value})`}`
  );
  return new LatchkeyError("config-invalid", `Cannot start with these settings:${lines.join("")}`, {
    faults,
  });
}
