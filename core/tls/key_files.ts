import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import { writeDurably } from "../store/durable_file.ts";
import { keysDir } from "../store/paths.ts";
import type { Pair } from "./certificates.ts";

/** The files of a certificate and its key in a data directory. */
export interface PairFiles {
  cert: string;
  key: string;
}

const pathsOf = (dataDir: string, name: string): PairFiles => ({
  cert: join(keysDir(dataDir), `${name}.pem`),
  key: join(keysDir(dataDir), `${name}.key`),
});

/** What devices are to trust, and what it is signed with. */
export const authorityFiles = (dataDir: string): PairFiles => pathsOf(dataDir, "ca");

/** What the panel shows to devices. */
export const serverFiles = (dataDir: string): PairFiles => pathsOf(dataDir, "tls");

/** The certificate first: until its key is there too, it has signed nothing. */
export function writePair(files: PairFiles, { cert, key }: Pair): void {
  writeDurably(files.cert, cert, 0o600);
  writeDurably(files.key, key, 0o600);
}

/**
 * The authority, or undefined where it has yet to be made. It is never replaced: devices would no longer trust the panel.
 * @throws {LatchkeyError} `keys-missing`, `keys-damaged`
 */
export function readAuthority(dataDir: string): Pair | undefined {
  const files = authorityFiles(dataDir);
  const hasCert = existsSync(files.cert);
  const hasKey = existsSync(files.key);
  // With nothing signed yet, a certificate alone is what a crash at the first start leaves.
  const isUnused = !hasKey && !existsSync(serverFiles(dataDir).cert);
  if (isUnused) return undefined;
  if (!hasCert || !hasKey) throw missing(hasCert ? files.key : files.cert);
  try {
    return read(files);
  } catch (error) {
    throw new LatchkeyError(
      "keys-damaged",
      `Key file "${files.cert}" or "${files.key}" is damaged (${errorText(error)}). ${REMEDY}`,
      { status: 500, cause: error },
    );
  }
}

/** What the panel shows to devices; undefined where it is missing, damaged, or not of that authority: it is made anew. */
export function readServerPair(dataDir: string, authority: Pair): Pair | undefined {
  try {
    const pair = read(serverFiles(dataDir));
    const { publicKey } = new X509Certificate(authority.cert);
    return new X509Certificate(pair.cert).verify(publicKey) ? pair : undefined;
  } catch {
    return undefined;
  }
}

function read(files: PairFiles): Pair {
  chmodSync(files.key, 0o600);
  const pair = { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
  if (new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) return pair;
  throw new Error("they do not belong together");
}

const REMEDY =
  "Restore both from a backup; or remove both, and tls.pem beside them, to have a new authority made, which " +
  "every device must then be told to trust";

function missing(path: string): LatchkeyError {
  return new LatchkeyError(
    "keys-missing",
    `Key file "${path}" is missing: it belongs to the panel's authority, which devices trust. ${REMEDY}`,
    { status: 500 },
  );
}
