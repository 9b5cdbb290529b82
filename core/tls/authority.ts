import { X509Certificate } from "node:crypto";
import { mkdirSync } from "node:fs";
import { LatchkeyError } from "../errors.ts";
import { errorText, type Log } from "../log.ts";
import type { Random } from "../random.ts";
import { dataUnwritable } from "../store/errors.ts";
import { keysDir } from "../store/paths.ts";
import type { Pair } from "./certificates.ts";
import { authorityFiles, readAuthority, readServerPair, serverFiles, writePair } from "./key_files.ts";
import { constraintsFor, type Names, sortNames, within } from "./names.ts";
import { type CertificateSource, fingerprintOf, isGoodFor, periodOf } from "./source.ts";
import { guess, isDue, type Moment, periodAt } from "./validity.ts";

export interface AuthorityOptions {
  dataDir: string;
  /** What the household calls the panel: devices show it beside the certificate. */
  name: string;
  /** Host names and addresses under which the panel is reached. */
  names: readonly string[];
  random: Random;
  log: Log;
}

/**
 * The panel's own authority, made at the first start and kept, so that devices need to trust it once.
 * @throws {LatchkeyError} `keys-missing`, `keys-damaged`, `data-read-only`
 */
export async function openAuthority(options: AuthorityOptions): Promise<CertificateSource> {
  const { dataDir, name, names, random } = options;
  try {
    mkdirSync(keysDir(dataDir), { recursive: true, mode: 0o700 });
    let root = readAuthority(dataDir);
    if (!root) {
      const { makeRoot } = await library();
      root = makeRoot(name, constraintsFor(sortNames(names)), random);
      writePair(authorityFiles(dataDir), root);
    }
    return new Authority(root, options);
  } catch (error) {
    throw error instanceof LatchkeyError ? error : dataUnwritable(dataDir, error);
  }
}

/** Loaded only where there is something to make: it takes 10 MB. */
const library = () => import("./certificates.ts");

class Authority implements CertificateSource {
  readonly root: string;
  readonly fingerprint: string;
  readonly #authority: Pair;
  readonly #options: AuthorityOptions;
  #leaf: X509Certificate | undefined;
  #shown: Pair = { cert: "", key: "" };
  #constraints: Names | undefined;
  /** Names that were asked for and that devices would not believe. */
  readonly #foreign = new Set<string>();

  constructor(authority: Pair, options: AuthorityOptions) {
    this.root = authority.cert;
    this.fingerprint = fingerprintOf(authority.cert);
    this.#authority = authority;
    this.#options = options;
    const leaf = readServerPair(options.dataDir, authority);
    if (leaf) this.#show(leaf);
  }

  async pair(moment: Moment, names: readonly string[]): Promise<Pair> {
    const wanted = sortNames(names);
    const period = this.#leaf && periodOf(this.#leaf);
    const time = guess(moment, period);
    const isFresh = period !== undefined && !isDue(period, time);
    if (isFresh && this.#covers(wanted)) return this.#shown;
    const { constraintsOf, makeLeaf } = await library();
    this.#constraints ??= constraintsOf(this.root);
    const { allowed, foreign } = within(this.#constraints, wanted);
    this.#refuse(foreign);
    if (isFresh && this.#covers(allowed)) return this.#shown;
    const leaf = makeLeaf(this.#authority, allowed, periodAt(time), this.#options.random);
    this.#keep(leaf);
    return this.#show(leaf);
  }

  #covers({ dns, ips }: Names): boolean {
    const leaf = this.#leaf;
    if (!leaf) return false;
    const isKnown = (name: string) => this.#foreign.has(name) || isGoodFor(leaf, name);
    return [...dns, ...ips].every(isKnown);
  }

  #refuse(names: readonly string[]): void {
    for (const name of names) {
      if (this.#foreign.has(name)) continue;
      this.#foreign.add(name);
      this.#options.log.warn(
        "The panel's authority was made before this name was given and can't vouch for it",
        {
          name,
          remedy:
            "Stop the panel, remove ca.* and tls.* in keys/, and have every device trust the new authority",
        },
      );
    }
  }

  /** Where that fails the certificate is shown all the same; the next start makes another. */
  #keep(leaf: Pair): void {
    try {
      writePair(serverFiles(this.#options.dataDir), leaf);
    } catch (error) {
      this.#options.log.warn("The panel's new certificate can't be kept", { error: errorText(error) });
    }
  }

  /** With the root behind it: a device that knows only the fingerprint finds there what to trust. */
  #show(leaf: Pair): Pair {
    this.#leaf = new X509Certificate(leaf.cert);
    return this.#shown = { cert: leaf.cert + this.root, key: leaf.key };
  }
}
