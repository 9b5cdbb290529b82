import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { digestOfSums, packageFiles, packageSumsInTurns } from "./package_sums.ts";

/** More than any package has, folders too: whoever fills the folder keeps nobody waiting. */
const MOST_LINES = 3_000;

/** Says whether a plugin's files are no longer those that the owner let in. */
export interface FolderWatch {
  areOthers(): Promise<boolean>;
}

/** Looks after which the files are read all the same: a program can put a file's time back. */
export const LOOKS_PER_READ = 60;

/** Looks at names, sizes and times, and at what is in the files where these are others than before, or now and then. */
export function watchFolder(folder: string, digest: string): FolderWatch {
  let seen = lookOf(folder);
  let looks = 0;
  return {
    async areOthers() {
      const look = lookOf(folder);
      if (look === seen && ++looks % LOOKS_PER_READ !== 0) return false;
      try {
        if (digestOfSums(await packageSumsInTurns(folder, packageFiles(folder))) !== digest) return true;
      } catch {
        // A file that no package may hold, or one that is gone.
        return true;
      }
      seen = look;
      return false;
    },
  };
}

function lookOf(folder: string): string {
  const lines: string[] = [];
  const walk = (path: string) => {
    for (const name of readdirSync(path).sort()) {
      const entry = join(path, name);
      const { ino, size, mtimeMs, ctimeMs, nlink, mode } = lstatSync(entry);
      lines.push([entry, ino, size, mtimeMs, ctimeMs, nlink, mode].join(" "));
      if (lines.length > MOST_LINES) throw new RangeError("It is full of files");
      if ((mode & 0o170_000) === 0o040_000) walk(entry);
    }
  };
  try {
    walk(folder);
    return lines.join("\n");
  } catch {
    return "unreadable";
  }
}
