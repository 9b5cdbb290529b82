import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";

/** npm gives every file of a package this time, so that the same files make the same bytes. */
const LONG_AGO = new Date("1985-10-26T08:15:00Z");
/** Where gzip's header names the operating system; 255 is none. */
const SYSTEM_BYTE = 9;

/** An archive of these files, as `npm pack` makes it: all in `package/`, and of the same files the same bytes. */
export async function packageArchive(folder: string, paths: readonly string[]): Promise<Uint8Array> {
  const tar = await packTar(
    [...paths].sort().map((path) => {
      const body = readFileSync(join(folder, path));
      const header = {
        name: `package/${path}`,
        size: body.length,
        mtime: LONG_AGO,
        mode: 0o644,
        uid: 0,
        gid: 0,
      };
      return { header, body };
    }),
  );
  const packed = new Uint8Array(gzipSync(tar, { level: 9 }));
  packed[SYSTEM_BYTE] = 255;
  return packed;
}
