import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface Import {
  /** Both as paths below the root, with forward slashes. */
  from: string;
  to: string;
  /** Gone at run time. */
  typeOnly: boolean;
}

export interface SourceFile {
  path: string;
  text: string;
}

export interface Graph {
  files: SourceFile[];
  imports: Import[];
}

interface Info {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: { specifier: string; code?: Target; type?: Target }[];
  }[];
}

interface Target {
  specifier?: string;
}

const SKIPPED = new Set(["node_modules", "data", "dist"]);

/** Every TypeScript file below `root` and what it imports, as Deno's own parser sees it: static, re-exported, dynamic, types. */
export async function readGraph(root: string): Promise<Graph> {
  const paths = sourcePaths(root).toSorted();
  const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  const imports = (await moduleInfo(root, paths)).modules.flatMap((module) => {
    const from = below(root, module.specifier);
    if (from === undefined || !paths.includes(from)) return [];
    if (module.error !== undefined) throw new Error(`Cannot read ${from}: ${module.error}`);
    return (module.dependencies ?? []).flatMap(({ code, type }) => {
      const to = below(root, code?.specifier ?? type?.specifier ?? "");
      return to === undefined ? [] : [{ from, to, typeOnly: code === undefined }];
    });
  });
  return { files, imports };
}

function sourcePaths(root: string, folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) return [];
    if (entry.isDirectory()) return sourcePaths(root, path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

async function moduleInfo(root: string, paths: string[]): Promise<Info> {
  const dir = await Deno.makeTempDir({ prefix: "latchkey-" });
  try {
    const entry = join(dir, "all.ts");
    const lines = paths.map((path) => `import ${JSON.stringify(pathToFileURL(join(root, path)).href)};`);
    await Deno.writeTextFile(entry, lines.join("\n"));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-remote", ...configOf(root), entry],
      cwd: root,
    }).output();
    if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr)}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function configOf(root: string): string[] {
  const config = readdirSync(root).find((name) => name === "deno.json");
  return config === undefined ? [] : ["--config", join(root, config)];
}

function below(root: string, specifier: string): string | undefined {
  if (!specifier.startsWith("file:")) return undefined;
  const path = relative(root, fileURLToPath(specifier)).replaceAll("\\", "/");
  return path.startsWith("..") || path.startsWith("node_modules/") ? undefined : path;
}
