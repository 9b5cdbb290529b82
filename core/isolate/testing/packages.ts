import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";

export interface TarEntry {
  name: string;
  content?: string | Uint8Array;
  /** As in the archive: `0` a file unless told, `1` and `2` links, `5` a folder. */
  type?: string;
  linkname?: string;
  /** What its header says of its size, where that is a lie. */
  size?: number;
}

/** A plugin's `package.json`. */
export function packageJson(id: string, { version = "1.0.0", wants = {}, ...more }: {
  version?: string;
  wants?: object;
  entry?: string;
  name?: string;
} = {}): string {
  const { name = `latchkey-plugin-${id}`, entry = "mod.ts" } = more;
  return JSON.stringify({ name, version, latchkey: { id, title: `The ${id}`, api: 1, entry, wants } });
}

/** An archive of whatever is asked for, as no honest program makes it. */
export function tar(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap(({ name, content = "", type = "0", linkname = "", size }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write("0000644\0", 100);
    header.write(`${(size ?? body.length).toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(linkname, 157, 100);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc((512 - body.length % 512) % 512)];
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A package of these files, as `npm pack` makes it. */
export function tgz(files: Record<string, string | Uint8Array>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([path, content]) => ({ name: `package/${path}`, content }));
  return new Uint8Array(gzipSync(tar(entries)));
}

/** Bytes as they come over a network: in pieces. */
export async function* pieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
