import { z } from "zod";
import type { Actor } from "./access/model.ts";
import type { AccessService } from "./access/keys.ts";
import { LatchkeyError } from "./errors.ts";
import { parseOr } from "./faults.ts";
import type { Json } from "./json.ts";
import type { Host } from "./plugin/host.ts";
import type { Plugin } from "./plugin/plugin.ts";
import { oneAtATime } from "./turns.ts";

/** One plugin's settings: what the form is made of. */
export interface PluginSettings {
  plugin: string;
  title: string;
  values: Json;
  /** JSON Schema, made from the schema that validates. */
  schema: Json;
}

export interface SettingsService {
  list(): Promise<PluginSettings[]>;
  /**
   * Puts new values in force: checks, saves, restarts the plugin. Where any of it fails, the old values stay in force and on file.
   * @throws {LatchkeyError} `plugin-unknown` (404), `settings-invalid` (400), `settings-refused` (409), or as the save throws
   */
  change(plugin: string, values: unknown, actor: Actor): Promise<PluginSettings>;
}

export interface SettingsParts {
  host: Host;
  /** All there are now. */
  plugins(): readonly (Plugin & { readonly values?: unknown })[];
  /** Keeps a plugin's values; resolved when they are on disk. */
  save(plugin: string, values: Json): Promise<void>;
  access: () => AccessService;
}

export function createSettings({ host, plugins, save, access }: SettingsParts): SettingsService {
  const inTurn = oneAtATime();

  function find(id: string) {
    const plugin = plugins().find((candidate) => candidate.id === id);
    if (plugin) return plugin;
    throw new LatchkeyError("plugin-unknown", `There is no plugin "${id}"`, { status: 404 });
  }

  function describe(plugin: ReturnType<typeof find>): PluginSettings {
    return {
      plugin: plugin.id,
      title: plugin.title,
      // Where its own process has read them, it has said what they come to.
      values: (plugin.values ?? plugin.config.parse(host.configOf(plugin.id) ?? {})) as Json,
      schema: z.toJSONSchema(plugin.config, { io: "input" }) as Json,
    };
  }

  async function apply(id: string, values: unknown, actor: Actor): Promise<PluginSettings> {
    const plugin = find(id);
    const parsed = parseOr(plugin.config, values ?? {}, "settings-invalid") as Json;
    const before = describe(plugin).values;
    await save(id, parsed);
    const status = await host.restart(id, parsed);
    if (status.state === "failed") {
      const faults = [...host.configFaults(id)];
      await save(id, before);
      await host.restart(id, before);
      throw new LatchkeyError(
        "settings-refused",
        `Plugin "${id}" does not start with these settings: ${status.reason}. The old ones are in force`,
        { status: 409, faults },
      );
    }
    await access().record({
      kind: "settings",
      outcome: "changed",
      actor,
      via: "app",
      detail: { plugin: id },
    });
    return describe(plugin);
  }

  return {
    list: () => Promise.resolve(plugins().map(describe)),
    change: (id, values, actor) => inTurn(() => apply(id, values, actor)),
  };
}
