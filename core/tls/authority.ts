import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import type { Random } from "../random.ts";
import { writeDurably } from "../store/durable_file.ts";
import { keysDir } from "../store/paths.ts";
import type { Pair } from "./certificates.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A certificate that ends sooner is made anew. */
const RENEW_MS = 200 * DAY_MS;
/** No panel with this program is older: a clock that shows less is wrong. */
const OLDEST = Date.UTC(2026, 10, 1);

/** What the server needs, and what devices are to trust. */
export interface Tls {
  cert: string;
  key: string;
  /** The authority's certificate, PEM. */
  root: string;
  /** SHA-256 of the authority's certificate, lower case hexadecimal. */
  fingerprint: string;
}

export interface TlsOptions {
  dataDir: string;
  /** What the household calls the panel. */
  name: string;
  /** Host names and addresses under which it is reached. */
  names: readonly string[];
  /** Wall time, ms; may be wrong. */
  now: number;
  random: Random;
}

/**
 * The panel's certificate, signed by its own authority; both made at the first start and kept. The certificate is made
 * anew before it ends and when a name is missing in it; the authority stays, so that devices need to trust it once.
 * @throws {LatchkeyError} `keys-damaged`
 */
export async function loadTls(options: TlsOptions): Promise<Tls> {
  const { dataDir, name, random } = options;
  const names = [...new Set(options.names.map(bare))];
  // A clock that is behind would make what is over already.
  const now = Math.max(options.now, OLDEST);
  mkdirSync(keysDir(dataDir), { recursive: true, mode: 0o700 });
  const root = read(dataDir, "ca") ?? await make(dataDir, "ca", (by) => by.makeRoot(name, random));
  const known = read(dataDir, "tls");
  const leaf = known && isGood(known, root, names, now)
    ? known
    : await make(dataDir, "tls", (by) => by.makeLeaf(root, names, now, random));
  const fingerprint = new X509Certificate(root.cert).fingerprint256.replaceAll(":", "").toLowerCase();
  return { ...leaf, root: root.cert, fingerprint };
}

function isGood(leaf: Pair, root: Pair, names: readonly string[], now: number): boolean {
  const cert = new X509Certificate(leaf.cert);
  const issuer = new X509Certificate(root.cert);
  return cert.verify(issuer.publicKey) && Date.parse(cert.validFrom) <= now &&
    Date.parse(cert.validTo) - now > RENEW_MS &&
    names.every((name) => (isIP(name) ? cert.checkIP(name) : cert.checkHost(name)) !== undefined);
}

/** The library is loaded only where there is something to make. */
async function make(
  dataDir: string,
  base: string,
  work: (certificates: typeof import("./certificates.ts")) => Promise<Pair>,
): Promise<Pair> {
  const pair = await work(await import("./certificates.ts"));
  writeDurably(join(keysDir(dataDir), `${base}.key`), pair.key, 0o600);
  writeDurably(join(keysDir(dataDir), `${base}.pem`), pair.cert, 0o600);
  return pair;
}

/** Undefined where either is missing: a crash came between the two. */
function read(dataDir: string, base: string): Pair | undefined {
  const [keyPath, certPath] = [join(keysDir(dataDir), `${base}.key`), join(keysDir(dataDir), `${base}.pem`)];
  if (!existsSync(keyPath) || !existsSync(certPath)) return undefined;
  try {
    const pair = { key: readFileSync(keyPath, "utf8"), cert: readFileSync(certPath, "utf8") };
    chmodSync(keyPath, 0o600);
    if (new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) return pair;
    // The key of one and the certificate of another: a crash came between the two.
    return undefined;
  } catch (error) {
    throw new LatchkeyError(
      "keys-damaged",
      `Key file "${keyPath}" or "${certPath}" is damaged (${
        errorText(error)
      }). Restore both from a backup, or remove ` +
        `both to have new ones made; devices then have to trust the panel anew`,
      { status: 500, cause: error },
    );
  }
}

function bare(name: string): string {
  return name.replace(/^\[|\]$/g, "").toLowerCase();
}
