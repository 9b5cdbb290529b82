import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Build, buildOnce, englishOnly, type OutputFile, sourceFiles } from "./built_files.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["core", "drivers", "media", "plugins"];

/** Bundles the runtime with its packages: why, docs/adr/0015-runtime-bundle.md. Needs no network. */
export function buildRuntime(out: string = join(ROOT, "dist", "runtime")): Promise<Build> {
  const own = [fileURLToPath(import.meta.url), join(ROOT, "package.json"), join(ROOT, "main.ts")];
  return buildOnce({
    out,
    sources: [...own, ...FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder)))],
    bundle: () => bundle(out),
  });
}

async function bundle(out: string): Promise<OutputFile[]> {
  const { build, stop } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["main.ts"],
    outdir: out,
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minify: true,
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    charset: "utf8",
    write: false,
    logLevel: "warning",
    // Packages that are no modules ask for Node's own with `require`. Names this long are not given by minifying.
    banner: {
      js:
        'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    plugins: [englishOnly],
  }).finally(stop);
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }));
}
