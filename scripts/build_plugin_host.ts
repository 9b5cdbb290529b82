import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Build, buildOnce, englishOnly, type OutputFile, sourceFiles } from "./built_files.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What third-party plugins import, and the program that runs one: `<name>.js` of each. */
const ENTRIES = {
  child: "core/isolate/child/main.ts",
  latchkey: "core/mod.ts",
  zod: "core/isolate/child/zod.ts",
};

/** Relative to itself. */
const IMPORTS = { imports: { latchkey: "./latchkey.js", zod: "./zod.js" } };

/** Bundles what runs in a plugin's process: there, neither packages nor the panel's own files can be reached. */
export function buildPluginHost(out: string = join(ROOT, "dist", "plugin-host")): Promise<Build> {
  return buildOnce({
    out,
    sources: [
      fileURLToPath(import.meta.url),
      join(ROOT, "package.json"),
      ...sourceFiles(join(ROOT, "core")),
    ],
    bundle,
  });
}

async function bundle(): Promise<OutputFile[]> {
  const { build, stop } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(ENTRIES).map(([out, path]) => ({ in: path, out })),
    outdir: "dist",
    chunkNames: "shared-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "es2024",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    charset: "utf8",
    write: false,
    logLevel: "warning",
    plugins: [englishOnly],
  }).finally(stop);
  const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }));
  return [...files, { name: "imports.json", content: JSON.stringify(IMPORTS) }];
}
