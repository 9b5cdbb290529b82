import { LatchkeyError } from "../errors.ts";

/** The most that an archive of a package may hold as it comes, bytes. */
export const ARCHIVE_BYTES = 8 * 1024 * 1024;
/** The most that a plugin's folder, or its package, may hold. */
const MOST_FILES = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;
const LONGEST_PATH = 200;

const SEGMENT = /^[\w.@+-]+$/;
/** What an author's folder holds beside the plugin, and Deno would look into. */
const NEVER = new Set([".", "..", ".git", "node_modules"]);

/** @returns a plugin's package can't be used because of that */
export function packageRefused(what: string): LatchkeyError {
  return new LatchkeyError("plugin-package", `The plugin's package can't be used: ${what}`, { status: 422 });
}

/**
 * The paths of a package, as they come to be known. Two names that differ in case only would be one file on some disks,
 * so that it would depend on the disk what runs.
 */
export class PackagePaths {
  readonly #known = new Map<string, { path: string; isFile: boolean }>();

  /**
   * Adds a file, with `/` between folders.
   * @throws {LatchkeyError} `plugin-package` (422) where no package may hold it
   */
  add(path: string): void {
    assertPath(path);
    const segments = path.split("/");
    for (let depth = 1; depth < segments.length; depth++) {
      this.#add(segments.slice(0, depth).join("/"), false);
    }
    this.#add(path, true);
  }

  #add(path: string, isFile: boolean): void {
    const folded = path.toLowerCase();
    const other = this.#known.get(folded);
    if (other && (isFile || other.isFile || other.path !== path)) {
      throw packageRefused(`"${other.path}" and "${path}" are the same name twice`);
    }
    this.#known.set(folded, { path, isFile });
  }
}

/** @throws {LatchkeyError} `plugin-package` (422) */
export function assertCount(files: number): void {
  if (files > MOST_FILES) throw packageRefused(`it holds more than ${MOST_FILES} files`);
}

/** @throws {LatchkeyError} `plugin-package` (422) */
export function assertSize(bytes: number): void {
  if (bytes > MOST_BYTES) throw packageRefused(`it holds more than ${MOST_BYTES / 1024 / 1024} MiB`);
}

/** @throws {LatchkeyError} `plugin-package` (422) */
export function assertPath(path: string): void {
  const shown = JSON.stringify(path.slice(0, LONGEST_PATH));
  if (path.length > LONGEST_PATH) {
    throw packageRefused(`the path of a file may have ${LONGEST_PATH} characters, and ${shown} has more`);
  }
  for (const segment of path.split("/")) {
    if (NEVER.has(segment)) throw packageRefused(`${shown} can't be in it, because of "${segment}"`);
    if (!SEGMENT.test(segment)) {
      throw packageRefused(
        `a file's name has English letters, digits and . _ - + @, and ${shown} has others`,
      );
    }
  }
}
