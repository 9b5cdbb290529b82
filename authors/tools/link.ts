import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { refusal, ROOT } from "./tool.ts";

export const DENO_FILE = "deno.json";

/** Where plugins are made unless told. */
export const OWN_PLUGINS = join(ROOT, "my-plugins");

/** What an editor, `deno check` and `deno test` need to know in a plugin's folder. */
const CONFIG = {
  nodeModulesDir: "none",
  lock: false,
  compilerOptions: {
    strict: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  },
  fmt: { lineWidth: 110 },
};

/**
 * Points a plugin's `deno.json` to this project, so that `latchkey`, `latchkey/testing` and `zod` are found wherever the
 * folder lies. What else it says stays.
 */
export function linkFolder(folder: string): void {
  const file = join(folder, DENO_FILE);
  const known: Record<string, unknown> = existsSync(file) ? parse(file) : CONFIG;
  const importMap = relative(folder, join(ROOT, "authors", "import_map.json")).split(sep).join("/");
  if (known["importMap"] === importMap) return;
  const { importMap: _, ...rest } = known;
  writeFileSync(file, `${JSON.stringify({ importMap, ...rest }, null, 2)}\n`);
}

function parse(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    throw refusal(`"${file}" is no JSON. Mend it, or delete it to have it written anew`);
  }
}
