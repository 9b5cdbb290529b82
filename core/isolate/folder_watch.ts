import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { digestOfSums, packageFiles, packageSumsInTurns } from "./package_sums.ts";

/** More than any package has, folders too: whoever fills the folder keeps nobody waiting. */
const MOST_LINES = 3_000;
/** Files that are looked at before others have their turn: some 2 ms. */
const FILES_IN_TURN = 50;

/** Says whether a plugin's files are no longer those that the owner let in. */
export interface FolderWatch {
  areOthers(): Promise<boolean>;
}

/** Looks after which the files are read all the same: a program can put a file's time back. */
export const LOOKS_PER_READ = 60;

/** Looks at names, sizes and times, and at what is in the files where these are others than before, or now and then. */
export function watchFolder(folder: string, digest: string): FolderWatch {
  let seen = lookAtOnce(folder);
  let looks = 0;
  return {
    async areOthers() {
      const look = await lookInTurns(folder);
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

const UNREADABLE = "unreadable";

function lookAtOnce(folder: string): string {
  try {
    return [...linesOf(folder)].join("\n");
  } catch {
    return UNREADABLE;
  }
}

async function lookInTurns(folder: string): Promise<string> {
  const lines: string[] = [];
  try {
    for (const line of linesOf(folder)) {
      if (lines.push(line) % FILES_IN_TURN === 0) await setImmediate();
    }
    return lines.join("\n");
  } catch {
    return UNREADABLE;
  }
}

/** A line for each file and folder. @throws where one can't be looked at, or there are too many */
function* linesOf(folder: string): Generator<string> {
  let count = 0;
  const folders = [folder];
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    for (const name of readdirSync(path).sort()) {
      const entry = join(path, name);
      const { ino, size, mtimeMs, ctimeMs, nlink, mode } = lstatSync(entry);
      if (++count > MOST_LINES) throw new RangeError("It is full of files");
      if ((mode & 0o170_000) === 0o040_000) folders.push(entry);
      yield [entry, ino, size, mtimeMs, ctimeMs, nlink, mode].join(" ");
    }
  }
}
