/** `deno task plugin:new NAME [--dir FOLDER]`: begins a plugin. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { isReserved } from "../../core/isolate/names.ts";
import { pluginIdSchema } from "../../core/plugin/plugin.ts";
import { builtInPlugins, simulatorPlugins } from "../../plugins/mod.ts";
import { linkFolder, OWN_PLUGINS } from "./link.ts";
import { given, refusal, ROOT, runDeno, runTool } from "./tool.ts";

const TEMPLATE = join(ROOT, "authors", "template");
const USAGE = "Usage: deno task plugin:new NAME [--dir FOLDER]";

/**
 * Writes a plugin's folder.
 * @param parent the folder that it is made in
 * @returns where it is
 * @throws {LatchkeyError} where the name can't be a plugin's, or there is something already
 */
export async function newPlugin(name: string, parent: string): Promise<string> {
  assertName(name);
  const folder = join(parent, name);
  if (existsSync(folder)) {
    throw refusal(`There is something at "${folder}" already. Take another name, or --dir`);
  }
  mkdirSync(parent, { recursive: true });
  cpSync(TEMPLATE, folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll("my-plugin", name).replaceAll("My plugin", titleOf(name)));
  }
  linkFolder(folder);
  // Names are longer and shorter than the template's.
  const { ok, text } = await runDeno(folder, ["fmt", "--quiet"]);
  if (!ok) throw refusal(text);
  return folder;
}

/** @throws {LatchkeyError} */
function assertName(name: string): void {
  if (!pluginIdSchema.safeParse(name).success) {
    throw refusal(
      `"${name}" can't be a plugin's name: it has 1 to 40 lower case letters, digits and dashes, a letter first, ` +
        "such as my-plugin",
    );
  }
  if (isReserved(name)) {
    throw refusal(`"${name}" is a word of the panel's own, so no plugin can have that name. Try my-${name}`);
  }
  if ([...builtInPlugins, ...simulatorPlugins].some(({ id }) => id === name)) {
    throw refusal(`The panel has a plugin "${name}" of its own. Try my-${name}`);
  }
}

function titleOf(name: string): string {
  const words = name.replaceAll("-", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { dir: { type: "string" } },
    allowPositionals: true,
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw refusal(USAGE);
  const folder = await newPlugin(name, values.dir === undefined ? OWN_PLUGINS : given(values.dir));
  const shown = relative(given("."), folder);
  const task = `npx -y deno@${Deno.version.deno} task`;
  console.log(
    `Made ${shown}

Next, in the project's folder:
  ${task} plugin:dev ${shown}     runs it on a simulated panel, anew after each change
  ${task} plugin:check ${shown}   says whether it is ready for others
  ${task} plugin:pack ${shown}    makes the file that others install

The guide is docs/plugins/README.md.`,
  );
  return 0;
}

if (import.meta.main) await runTool(main);
