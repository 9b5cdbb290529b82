import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Each page: its folder in web/, the HTML file it becomes. */
const PAGES = [
  { folder: "app", html: "index.html" },
  { folder: "simulator", html: "simulator.html" },
];
/** Holds the hash of all that the build depends on; the panel serves no name that begins with a dot. */
const STAMP = ".build";

export interface WebBuild {
  /** False where nothing had changed since the last build. */
  built: boolean;
  /** The names of the files, without the stamp. */
  files: string[];
}

export interface WebBuildOptions {
  /** The sources; `web` unless told. */
  source?: string;
  /** Where the pages go; `web/dist` unless told. */
  out?: string;
}

/** Bundles the pages. Needs no network. Old files go after the new ones are there, so that a running panel goes on. */
export async function buildWeb(options: WebBuildOptions = {}): Promise<WebBuild> {
  const source = options.source ?? join(ROOT, "web");
  const out = options.out ?? join(source, "dist");
  const stamp = stampOf(source);
  const present = filesOf(out);
  if (present.includes(STAMP)) {
    const [known, ...files] = readFileSync(join(out, STAMP), "utf8").split("\n");
    if (known === stamp && files.every((file) => present.includes(file))) return { built: false, files };
  }
  const outputs = await bundle(source);
  mkdirSync(out, { recursive: true });
  for (const { name, content } of outputs) writeFileSync(join(out, name), content);
  const files = outputs.map(({ name }) => name);
  writeFileSync(join(out, STAMP), [stamp, ...files].join("\n"));
  for (const old of present) if (old !== STAMP && !files.includes(old)) rmSync(join(out, old));
  return { built: true, files };
}

interface OutputFile {
  name: string;
  content: Uint8Array | string;
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

function stampOf(source: string): string {
  const hash = createHash("sha256");
  const own = [fileURLToPath(import.meta.url), join(ROOT, "package.json")];
  for (const path of [...own, ...sourceFiles(source)]) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

function sourceFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.toSorted((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    if (entry.name === "dist" || /_test\.tsx?$/.test(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : [path];
  });
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { built, files } = await buildWeb();
  if (built) console.log(`Built the pages: ${files.length} files in web/dist`);
}
