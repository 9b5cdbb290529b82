import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { piecesOf } from "../../backup/files.ts";
import { packageFiles } from "../package_sums.ts";
import { packageRefused } from "../package_paths.ts";
import { type Bytes, putFile, unpackPackage } from "./unpack.ts";

/**
 * Puts a package that is on this machine, a folder or an archive, into a directory that is there and empty.
 * @throws {LatchkeyError} `plugin-package` (422), `too-large` (413)
 */
export async function copyPackage(from: string, into: string): Promise<void> {
  if (!existsSync(from)) throw packageRefused(`there is nothing at "${from}"`);
  if (!statSync(from).isDirectory()) return await unpackPackage(createReadStream(from) as Bytes, into);
  for (const path of packageFiles(from)) await putFile(into, path, piecesOf(join(from, path)));
}
