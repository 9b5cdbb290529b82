/** Writes `authors/import_map.json`: what a plugin's folder finds where, and the packages that the panel itself needs. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./tool.ts";

export const IMPORT_MAP: string = join(ROOT, "authors", "import_map.json");

/** The file as `package.json` asks for it. */
export function importMap(): string {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  ) as Record<
    string,
    Record<string, string>
  >;
  const packages = Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, version]) => [
    [name, `npm:${name}@${version}`],
    [`${name}/`, `npm:/${name}@${version}/`],
  ]);
  const imports = {
    latchkey: "../core/mod.ts",
    "latchkey/testing": "./testing/mod.ts",
    ...Object.fromEntries(packages),
  };
  return `${JSON.stringify({ imports }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(IMPORT_MAP, importMap());
