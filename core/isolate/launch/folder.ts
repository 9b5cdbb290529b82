import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LatchkeyError } from "../../errors.ts";
import { errorText } from "../../log.ts";
import { digestOfSums, packageFiles, packageSumsInTurns } from "../package_sums.ts";
import { FILES_CHANGED, type LaunchOrder } from "../process.ts";
import { cacheOf } from "./fence.ts";

const MOST_FILES = 2_000;

/**
 * Refuses a plugin's folder that holds, or is, anything but plain files and folders: Deno follows a link out of what a
 * plugin may read.
 * @throws {LatchkeyError} `plugin-folder`
 */
export function assertPlain(plugins: string, id: string): void {
  const folder = join(plugins, id);
  try {
    if (realpathSync(folder) !== join(realpathSync(plugins), id)) throw new Error("it is a link");
    let count = 0;
    const walk = (path: string) => {
      for (const name of readdirSync(path)) {
        const entry = join(path, name);
        const stat = lstatSync(entry);
        if (++count > MOST_FILES) throw new Error(`it holds more than ${MOST_FILES} files`);
        if (stat.isDirectory()) walk(entry);
        else if (!stat.isFile()) throw new Error(`"${entry}" is neither a file nor a folder`);
        else if (stat.nlink > 1) throw new Error(`"${entry}" has another name elsewhere`);
      }
    };
    walk(folder);
  } catch (error) {
    throw new LatchkeyError("plugin-folder", `Cannot use the folder "${folder}": ${errorText(error)}`);
  }
}

/**
 * Refuses a plugin's folder that holds other files than those that the owner let in.
 * @throws {LatchkeyError} `plugin-changed`
 */
export async function assertUnchanged(
  plugins: string,
  { id, digest }: Pick<LaunchOrder, "id" | "digest">,
): Promise<void> {
  const folder = join(plugins, id);
  let why = "";
  try {
    // Meanwhile what other plugins say and hear passes.
    if (digestOfSums(await packageSumsInTurns(folder, packageFiles(folder))) === digest) return;
  } catch (error) {
    why = `: ${errorText(error)}`;
  }
  throw new LatchkeyError("plugin-changed", `${FILES_CHANGED}${why}`);
}

/**
 * Makes the folder for a plugin's compiled code. Deno would keep `localStorage` and `caches` in it too; a file in the
 * place of their folder keeps it from that.
 */
export function makeCache(plugins: string, id: string): void {
  const cache = cacheOf(plugins, id);
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  writeFileSync(join(cache, "location_data"), "");
}

/** Lets a user of its own read a plugin's folder, as it may all of its packages: nobody else gets as far as there. */
export function makeReadable(plugins: string, id: string): void {
  const walk = (path: string) => {
    const stat = lstatSync(path);
    const mode = stat.isDirectory() ? 0o755 : 0o644;
    if ((stat.mode & mode) !== mode) chmodSync(path, stat.mode & 0o777 | mode);
    if (stat.isDirectory()) { for (const name of readdirSync(path)) walk(join(path, name)); }
  };
  walk(join(plugins, id));
}
