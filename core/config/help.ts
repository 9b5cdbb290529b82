import { allowed, configLeaves, type Leaf } from "./leaves.ts";
import type { PluginSchema } from "./schema.ts";

const HEAD = `Latchkey: the runtime inside a video doorphone panel

Usage: npx -y deno@2.9.6 task start [options]
       npm start -- [options]

  --config FILE (PANEL_CONFIG)
      The configuration file; DATA/panel.yaml, where there is one, unless given
  --reclaim
      Opens the panel to be claimed again: members and their devices go, cards and log stay
  --safe-mode
      Starts no third-party plugin
  --version
  -h, --help`;

/** What `--help` prints, made from the schema that checks the values. */
export function helpText(plugins: readonly PluginSchema[]): string {
  const leaves = configLeaves(plugins);
  const core = leaves.filter(({ path }) => path[0] !== "plugins");
  const sections = plugins.map(({ id, title }) => {
    const own = leaves.filter(({ path }) => path[0] === "plugins" && path[1] === id);
    return `${title}:\n${own.map(entry).join("\n")}`;
  });
  return [HEAD, "Settings:\n" + core.map(entry).join("\n"), ...sections].join("\n\n");
}

function entry({ name, variable, path, schema }: Leaf): string {
  const isWhole = path[0] === "plugins" && path.length === 2;
  const about = isWhole ? "Leaves it out" : [schema.description, note(schema)].filter(Boolean).join(". ");
  return `  --${name} ${isWhole ? "false" : "VALUE"} (${variable})\n      ${about}`;
}

function note(schema: Leaf["schema"]): string {
  const rule = allowed(schema);
  const fallback = schema.default === undefined ? "" : `; ${JSON.stringify(schema.default)} unless given`;
  return rule[0]?.toUpperCase() + rule.slice(1) + fallback;
}
