import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../backup/files.ts";
import { assertCount, assertPath, assertSize, PackagePaths, packageRefused } from "./package_paths.ts";

/** Holds the digest of every other file of a package, as `sha256sum` writes and checks it. */
export const SUMS_FILE = "SHA256SUMS";
/** A signature of that file by minisign. */
export const SIGNATURE_FILE = "SHA256SUMS.minisig";

const CHUNK = 64 * 1024;

/**
 * The text of `SHA256SUMS` for a plugin's folder: a line for each file but that one and its signature, sorted by path.
 * The SHA-256 of this text is the plugin's digest.
 * @throws {LatchkeyError} `plugin-package` (422) where the folder holds what no package may: links, odd names, too much
 */
export function packageSums(folder: string, paths: string[] = summed(folder)): string {
  return sumsText(paths.map((path) => [path, fileDigest(join(folder, path))]));
}

/** As `packageSums`; others have their turn in between. */
export async function packageSumsInTurns(folder: string, paths: string[] = summed(folder)): Promise<string> {
  const sums: [string, string][] = [];
  for (const path of paths) sums.push([path, (await digestOf(join(folder, path))).sha256]);
  return sumsText(sums);
}

const summed = (folder: string): string[] =>
  packageFiles(folder).filter((path) => path !== SUMS_FILE && path !== SIGNATURE_FILE);

/** @param files each with its path and SHA-256, in any order */
export function sumsText(files: Iterable<readonly [path: string, sha256: string]>): string {
  return [...files].sort(([a], [b]) => a < b ? -1 : 1).map(([path, sha256]) => `${sha256}  ${path}\n`).join(
    "",
  );
}

/** What the owner's grant keeps of a plugin's files. */
export function digestOfSums(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The paths of all files of a folder, with `/` between folders.
 * @throws {LatchkeyError} `plugin-package` (422)
 */
export function packageFiles(folder: string): string[] {
  const paths = new PackagePaths();
  const files: string[] = [];
  let count = 0;
  let bytes = 0;
  const walk = (within: string) => {
    for (const name of readdirSync(join(folder, within))) {
      const path = within === "" ? name : `${within}/${name}`;
      // Before it is looked into: it may be huge.
      assertPath(path);
      assertCount(++count);
      const stat = lstatSync(join(folder, path));
      if (stat.isDirectory()) {
        walk(path);
        continue;
      }
      if (!stat.isFile()) throw packageRefused(`"${path}" is neither a file nor a folder`);
      if (stat.nlink > 1) throw packageRefused(`"${path}" has another name elsewhere`);
      assertSize(bytes += stat.size);
      paths.add(path);
      files.push(path);
    }
  };
  walk("");
  return files;
}

function fileDigest(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const buffer = new Uint8Array(CHUNK);
    for (let count = 1; count > 0;) {
      count = readSync(file, buffer, 0, CHUNK, null);
      hash.update(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
