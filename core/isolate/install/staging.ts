import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LatchkeyError } from "../../errors.ts";
import { type Random, randomId } from "../../random.ts";
import { lockData } from "../../store/data_lock.ts";
import { syncPath, syncTree } from "../../store/durable_file.ts";
import { digestSchema, type Origin, originSchema, type PluginManifest } from "../manifest.ts";
import { PACKAGE_FILE, packageFacts } from "../package_json.ts";
import { packageRefused } from "../package_paths.ts";
import { digestOfSums, packageSumsInTurns, SIGNATURE_FILE } from "../package_sums.ts";
import { takeClaims, textIn } from "./claims.ts";
import { readSignature, type Signature } from "./minisign.ts";
import { contentOf, incomingDir, UNFINISHED, waitingDir } from "./places.ts";

/** Packages that wait; one more takes the place of the one that waits longest. */
const MOST_WAITING = 8;
const FACTS = "waiting.json";
/** What a package may say of itself: whoever asks what waits has it read each time. */
const FACTS_BYTES = 64 * 1024;

const factsSchema = z.strictObject({ origin: originSchema, since: z.number() });

/** A package that was unpacked and checked, and waits for the owner's word. */
export interface WaitingPackage {
  digest: string;
  manifest: PluginManifest;
  origin: Origin;
  /** What it says of who has signed it, unchecked. */
  signature: Signature | undefined;
  /** Wall time, ms. */
  since: number;
}

export type Fill = (into: string) => Promise<{ integrity: string } | void>;

export interface StagingParts {
  /** The folder of all plugins. */
  plugins: string;
  /** Wall time, ms. */
  now(): number;
  random: Random;
}

/** Where packages wait: by whom and from where they came, and whether the panel runs, makes no difference. */
export class Staging {
  readonly #parts: StagingParts;

  constructor(parts: StagingParts) {
    this.#parts = parts;
  }

  /**
   * Takes a package in: on disk and checked when this is resolved. Killed at any moment it leaves nothing, but what the
   * next one clears away.
   * @param fill puts the package's files into the directory that it is given, and says what npm's registry says of them
   * @throws {LatchkeyError} `plugin-package`, `plugin-signature` (422), `staging-busy` (409), `disk-full` (507)
   */
  async take(fill: Fill, from: Origin["from"]): Promise<WaitingPackage> {
    const { plugins, now, random } = this.#parts;
    const unlock = this.#lock();
    const part = join(incomingDir(plugins), `${UNFINISHED}${randomId(random)}`);
    try {
      this.#clear();
      const content = contentOf(part);
      mkdirSync(content, { recursive: true, mode: 0o755 });
      const integrity = (await fill(content))?.integrity ?? null;
      const { name, manifest } = factsIn(content);
      const sums = await packageSumsInTurns(content);
      const signature = takeClaims(content, sums);
      const digest = digestOfSums(sums);
      if (!statSync(join(content, manifest.entry), { throwIfNoEntry: false })?.isFile()) {
        throw packageRefused(`latchkey.entry is "${manifest.entry}", and there is no such file`);
      }
      if (signature !== undefined) writeFileSync(join(part, SIGNATURE_FILE), signature);
      const facts = { origin: originSchema.parse({ from, package: name, integrity }), since: now() };
      writeFileSync(join(part, FACTS), JSON.stringify(facts));
      syncTree(part);
      rmSync(waitingDir(plugins, digest), { recursive: true, force: true });
      renameSync(part, waitingDir(plugins, digest));
      syncPath(incomingDir(plugins));
      this.#dropOldest(digest);
      return this.get(digest);
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      throw diskFull(error);
    } finally {
      unlock();
    }
  }

  /** Those that wait, the newest first. */
  list(): WaitingPackage[] {
    const incoming = incomingDir(this.#parts.plugins);
    if (!existsSync(incoming)) return [];
    return readdirSync(incoming)
      .filter((name) => digestSchema.safeParse(name).success)
      .flatMap((digest) => this.#read(digest) ?? [])
      .sort((a, b) => b.since - a.since);
  }

  /** @throws {LatchkeyError} `package-unknown` (404) */
  get(digest: string): WaitingPackage {
    const waiting = this.#read(digest);
    if (waiting) return waiting;
    throw new LatchkeyError("package-unknown", `No package "${digest.slice(0, 64)}" waits to be let in`, {
      status: 404,
    });
  }

  /** @throws {LatchkeyError} `package-unknown` (404) */
  drop(digest: string): void {
    this.get(digest);
    rmSync(waitingDir(this.#parts.plugins, digest), { recursive: true, force: true });
  }

  /** Clears away what was cut off, unless somebody is taking a package in right now. */
  tidy(): void {
    if (!existsSync(incomingDir(this.#parts.plugins))) return;
    try {
      const unlock = this.#lock();
      this.#clear();
      unlock();
    } catch {
      // Whoever is at it has cleared it.
    }
  }

  #read(digest: string): WaitingPackage | undefined {
    const waiting = waitingDir(this.#parts.plugins, digest);
    try {
      const { origin, since } = factsSchema.parse(JSON.parse(readFileSync(join(waiting, FACTS), "utf8")));
      const signed = join(waiting, SIGNATURE_FILE);
      const signature = existsSync(signed) ? readSignature(readFileSync(signed, "utf8")) : undefined;
      return { digest, manifest: factsIn(contentOf(waiting)).manifest, origin, signature, since };
    } catch {
      // On its way in or out.
      return undefined;
    }
  }

  #dropOldest(newest: string): void {
    const others = this.list().filter(({ digest }) => digest !== newest);
    for (const { digest } of others.slice(MOST_WAITING - 1)) this.drop(digest);
  }

  #clear(): void {
    const incoming = incomingDir(this.#parts.plugins);
    for (const name of readdirSync(incoming)) {
      // What is in its plugin's place already has left its place here.
      const isLeft = digestSchema.safeParse(name).success && !existsSync(contentOf(join(incoming, name)));
      if (name.startsWith(UNFINISHED) || isLeft) {
        rmSync(join(incoming, name), { recursive: true, force: true });
      }
    }
  }

  #lock(): () => void {
    try {
      return lockData(incomingDir(this.#parts.plugins), 0);
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== "data-busy") throw error;
      throw new LatchkeyError("staging-busy", "Another package is being taken in; try again in a moment", {
        status: 409,
      });
    }
  }
}

/** @throws {LatchkeyError} `plugin-package` (422) */
function factsIn(content: string) {
  const text = textIn(content, PACKAGE_FILE, FACTS_BYTES);
  if (text === undefined) throw packageRefused(`there is no ${PACKAGE_FILE} in it`);
  return packageFacts(text);
}

function diskFull(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new LatchkeyError("disk-full", "The package can't be taken in: the disk is full. Free some space", {
    status: 507,
    cause: error,
  });
}
