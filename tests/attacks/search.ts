import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** How somebody who looks for a secret may find it spelled. */
function spellings(secret: string): Set<string> {
  const hex = /^([0-9A-Fa-f]{2})+$/.test(secret) ? Buffer.from(secret, "hex") : undefined;
  const bytes = hex ?? Buffer.from(secret);
  return new Set([
    secret,
    secret.toLowerCase(),
    secret.toUpperCase(),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("latin1"),
    ...(secret.length === 43 || secret.length === 22
      ? [
        Buffer.from(secret, "base64url").toString("latin1"),
        Buffer.from(secret, "base64url").toString("hex"),
      ]
      : []),
  ]);
}

/** Which of the secrets stand in the text, by name. */
export function foundIn(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].filter(([secret]) => [...spellings(secret)].some((one) => text.includes(one)))
    .map(([, name]) => name);
}

/** Every file of a directory, each byte as a letter, but those that are gone by the time they are read. */
export function filesIn(dir: string): Map<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const path = join(entry.parentPath, entry.name);
    try {
      files.set(relative(dir, path), readFileSync(path, "latin1"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return files;
}

/** The files of an uncompressed tar archive, each byte as a letter. */
export function tarFiles(archive: Uint8Array): Map<string, string> {
  const text = Buffer.from(archive).toString("latin1");
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= text.length;) {
    const name = text.slice(at, at + 100).replace(/\0.*$/s, "");
    if (name === "") break;
    const size = parseInt(text.slice(at + 124, at + 136), 8);
    files.set(name, text.slice(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
