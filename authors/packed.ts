import { copyFileSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRefused } from "../core/isolate/package_paths.ts";
import { packageFiles, SIGNATURE_FILE, SUMS_FILE } from "../core/isolate/package_sums.ts";

/** What of an author's folder is the author's alone: it is neither run nor packed. */
const LEFT_OUT = [
  /^\./,
  /^node_modules$/,
  /^testing$/,
  /^deno\.jsonc?$/,
  /^deno\.lock$/,
  /^package-lock\.json$/,
  /[._]test\.[cm]?[jt]sx?$/,
  /\.tgz$/,
  new RegExp(`^(${SUMS_FILE}|${SIGNATURE_FILE.replace(".", "\\.")})$`),
];

/**
 * The files of a plugin's folder that a panel gets, by path: all but tests (`*_test.ts`, folders called `testing`), what
 * begins with a dot, packages, and what Deno and npm keep for the author.
 * @throws {LatchkeyError} `plugin-package` where there is a link
 */
export function packedFiles(folder: string, within = ""): string[] {
  return readdirSync(join(folder, within)).sort().flatMap((name) => {
    if (LEFT_OUT.some((pattern) => pattern.test(name))) return [];
    const path = within === "" ? name : `${within}/${name}`;
    const stat = lstatSync(join(folder, path));
    if (stat.isDirectory()) return packedFiles(folder, path);
    if (stat.isFile()) return [path];
    throw packageRefused(`"${path}" is a link, or something else that is no file. Put the file itself there`);
  });
}

/**
 * Copies what a panel gets of a plugin's folder.
 * @param into is made where it is not there
 * @returns the paths of the files
 * @throws {LatchkeyError} `plugin-package` where no package may hold it
 */
export function copyPacked(folder: string, into: string): string[] {
  const files = packedFiles(folder);
  for (const path of files) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    copyFileSync(join(folder, path), join(into, path));
  }
  return packageFiles(into).sort();
}
