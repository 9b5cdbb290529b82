import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Build, buildOnce, type OutputFile, sourceFiles } from "./built_files.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Each page: its folder in web/, the HTML file it becomes. */
const PAGES = [
  { folder: "app", html: "index.html" },
  { folder: "simulator", html: "simulator.html" },
  { folder: "trust", html: "trust.html" },
];
export interface WebBuildOptions {
  /** The sources; `web` unless told. */
  source?: string;
  /** Where the pages go; `web/dist` unless told. */
  out?: string;
}

/** Bundles the pages. Needs no network. */
export function buildWeb(options: WebBuildOptions = {}): Promise<Build> {
  const source = options.source ?? join(ROOT, "web");
  return buildOnce({
    out: options.out ?? join(source, "dist"),
    sources: [fileURLToPath(import.meta.url), join(ROOT, "package.json"), ...sourceFiles(source)],
    bundle: () => bundle(source),
  });
}

/** esbuild is loaded only when there is something to build: a second start does without it. */
async function bundle(source: string): Promise<OutputFile[]> {
  const { build, stop } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: source,
    entryPoints: PAGES.map(({ folder }) => ({ in: `${folder}/main.tsx`, out: folder })),
    outdir: "dist",
    entryNames: "[name]-[hash]",
    chunkNames: "shared-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome111", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    write: false,
    logLevel: "warning",
  }).finally(stop);
  const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }));
  const pages = PAGES.map(({ folder, html }) => {
    const [script, entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
      entryPoint === `${folder}/main.tsx`
    ) ?? [];
    if (!script || !entry?.cssBundle) throw new Error(`Cannot build ${folder}: it has no script or no style`);
    const content = readFileSync(join(source, folder, "page.html"), "utf8")
      .replace("%script%", basename(script))
      .replace("%style%", basename(entry.cssBundle));
    return { name: html, content };
  });
  return [...files, ...pages];
}
