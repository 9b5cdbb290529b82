import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/** Holds the hash of all that the build depends on; no program reads a name that begins with a dot. */
const STAMP = ".build";

export interface Build {
  /** False where nothing had changed since the last build. */
  built: boolean;
  /** The names of the files, without the stamp. */
  files: string[];
}

export interface OutputFile {
  name: string;
  content: Uint8Array | string;
}

export interface BuildOptions {
  /** Where the files go. */
  out: string;
  /** All that they are made from. */
  sources: readonly string[];
  bundle(): Promise<OutputFile[]>;
}

/** Builds where a source has changed or a file is missing. Old files go after the new ones are there, so that what runs goes on. */
export async function buildOnce({ out, sources, bundle }: BuildOptions): Promise<Build> {
  const stamp = stampOf(sources);
  const present = filesOf(out);
  if (present.includes(STAMP)) {
    const [known, ...files] = readFileSync(join(out, STAMP), "utf8").split("\n");
    if (known === stamp && files.every((file) => present.includes(file))) return { built: false, files };
  }
  const outputs = await bundle();
  mkdirSync(out, { recursive: true });
  for (const { name, content } of outputs) writeFileSync(join(out, name), content);
  const files = outputs.map(({ name }) => name);
  writeFileSync(join(out, STAMP), [stamp, ...files].join("\n"));
  for (const old of present) if (old !== STAMP && !files.includes(old)) rmSync(join(out, old));
  return { built: true, files };
}

/** All files below a folder that are neither tests nor built. */
export function sourceFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.toSorted((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    if (entry.name === "dist" || entry.name === "testing" || /_test\.tsx?$/.test(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : [path];
  });
}

/** Of the messages of faults in 50 languages that zod brings, those in English: the panel speaks no other. */
export const englishOnly: Plugin = {
  name: "english-only",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8").split("\n").find((line) => line.includes('"./en.js"'));
      if (!contents) throw new Error(`No English in ${path}`);
      return { contents, loader: "js" };
    });
  },
};

function stampOf(sources: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of sources) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
