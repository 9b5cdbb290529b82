import { chmodSync, mkdirSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { writeFileOf } from "../../backup/files.ts";
import { LatchkeyError } from "../../errors.ts";
import { errorText } from "../../log.ts";
import {
  ARCHIVE_BYTES,
  assertCount,
  assertPath,
  assertSize,
  PackagePaths,
  packageRefused,
} from "../package_paths.ts";

export type Bytes = AsyncIterable<Uint8Array>;

/** What an archive may hold beside files' content: headers and padding of each, bytes. */
const OVERHEAD_BYTES = 4 * 1024 * 1024;
/** The folder that `npm pack` puts everything into. */
const TOP = "package/";

/** A plugin's folder belongs to the panel, and is read by whatever user its process runs as. */
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * Unpacks an archive as `npm pack` makes it into a directory that is there and empty.
 * @throws {LatchkeyError} `plugin-package` (422) where it holds what no package may, `too-large` (413)
 */
export async function unpackPackage(archive: Bytes, into: string): Promise<void> {
  // What goes wrong on the way is thrown where the content is read.
  await unpackTar(pipeline(Readable.from(limited(archive)), createGunzip(), () => {}), into);
}

/** @throws {LatchkeyError} as `unpackPackage` */
export async function unpackTar(tar: Bytes, into: string): Promise<void> {
  const paths = new PackagePaths();
  let bytes = 0;
  let count = 0;
  let files = 0;
  const content = ReadableStream.from(bounded(tar)) as ReadableStream<Uint8Array<ArrayBuffer>>;
  const entries = content.pipeThrough(createTarDecoder({ strict: true }));
  try {
    for await (const { header, body } of entries as AsyncIterable<ParsedTarEntry>) {
      assertCount(++count);
      const path = pathOf(header);
      if (path !== undefined) {
        assertSize(bytes += header.size);
        paths.add(path);
        files++;
        await putFile(into, path, body as unknown as Bytes);
      } else {
        await body.cancel();
      }
    }
  } catch (error) {
    throw asRefusal(error);
  }
  if (files === 0) throw packageRefused("there is nothing in it");
}

/** Puts a file of a package into the folder `into`. */
export async function putFile(into: string, path: string, pieces: Bytes): Promise<void> {
  const to = join(into, path);
  makeFolders(into, path);
  await writeFileOf(pieces, to);
  await chmod(to, FILE_MODE);
}

/** Folders of the mode that they are to have, whatever the umask says. */
function makeFolders(into: string, path: string): void {
  const folder = dirname(path);
  if (folder === ".") return;
  makeFolders(into, folder);
  const made = mkdirSync(join(into, folder), { recursive: true });
  if (made !== undefined) chmodSync(made, FOLDER_MODE);
}

/** Where an entry belongs within the package; undefined for a folder, which its files make. */
function pathOf({ name, type }: ParsedTarEntry["header"]): string | undefined {
  const shown = JSON.stringify(name.slice(0, 100));
  if (type !== "file" && type !== "directory") {
    throw packageRefused(`${shown} is neither a file nor a folder but a ${type}`);
  }
  if (name === TOP || name === TOP.slice(0, -1)) return undefined;
  if (!name.startsWith(TOP)) throw packageRefused(`everything in it must be in ${TOP}, and ${shown} is not`);
  const path = name.slice(TOP.length);
  if (type === "file") return path;
  assertPath(path.replace(/\/$/, ""));
  return undefined;
}

async function* limited(archive: Bytes): Bytes {
  let bytes = 0;
  for await (const piece of archive) {
    bytes += piece.length;
    if (bytes > ARCHIVE_BYTES) throw archiveTooLarge();
    yield piece;
  }
}

/** A little archive can be a great deal once it is unpacked. */
async function* bounded(tar: Bytes): Bytes {
  let bytes = 0;
  for await (const piece of tar) {
    bytes += piece.length;
    assertSize(bytes - OVERHEAD_BYTES);
    yield piece;
  }
}

export function archiveTooLarge(): LatchkeyError {
  const message = `The package is larger than ${ARCHIVE_BYTES / 1024 / 1024} MiB`;
  return new LatchkeyError("too-large", message, { status: 413 });
}

function asRefusal(error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof LatchkeyError || syscall !== undefined) return error;
  const what = code?.startsWith("Z_") ? "it is no .tgz, or was cut off" : "it is no archive, or was cut off";
  return packageRefused(`${what} (${errorText(error)})`);
}
