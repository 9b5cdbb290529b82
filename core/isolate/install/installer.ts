import type { AccessService } from "../../access/keys.ts";
import type { Actor, LogRow } from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import { errorText, type Log } from "../../log.ts";
import type { GrantedPlugin } from "../manifest.ts";
import { digestOfSums, packageSumsInTurns } from "../package_sums.ts";
import type { ThirdParty } from "../third_party.ts";
import { contentOf, waitingDir } from "./places.ts";
import { type Proposal, propose } from "./proposal.ts";
import type { Staging, WaitingPackage } from "./staging.ts";
import type { TrustedKey, TrustedKeys } from "./trusted_keys.ts";
import { type Bytes, unpackPackage } from "./unpack.ts";

export interface InstallerParts {
  thirdParty: Pick<ThirdParty, "find" | "admit">;
  staging: Staging;
  keys: TrustedKeys;
  /** The folder of all plugins. */
  plugins: string;
  /** Ids of built-in plugins. */
  builtIn: readonly string[];
  access(): Pick<AccessService, "record">;
  log: Log;
}

/** How the owner lets third-party plugins in: what waits, what it wants, and whose signatures are trusted. */
export class Installer {
  readonly #parts: InstallerParts;
  /** Of packages that wait, so that whoever looks at the list does not have them read each time. */
  readonly #sums = new Map<string, string>();

  constructor(parts: InstallerParts) {
    this.#parts = parts;
  }

  /** What waits for the owner's word, the newest first. */
  async list(): Promise<Proposal[]> {
    const proposals: Proposal[] = [];
    const all = this.#parts.staging.list();
    const digests = new Set(all.map(({ digest }) => digest));
    for (const digest of this.#sums.keys()) if (!digests.has(digest)) this.#sums.delete(digest);
    for (const waiting of all) {
      try {
        proposals.push(await this.#propose(waiting));
      } catch (error) {
        // Somebody is at its files, or a key that was trusted since has not made its signature.
        this.#parts.log.warn("A package that waited was dropped", {
          digest: waiting.digest,
          error: errorText(error),
        });
        this.#drop(waiting.digest);
      }
    }
    return proposals;
  }

  /** Takes in an archive as `npm pack` makes it. @throws {LatchkeyError} as `takeWith` */
  take(archive: Bytes): Promise<Proposal> {
    return this.takeWith((into) => unpackPackage(archive, into), "upload");
  }

  /**
   * Takes in what `fill` puts into the directory that it is given.
   * @throws {LatchkeyError} as `Staging.take`, `plugin-signature` (422), `plugin-refused` (409)
   */
  async takeWith(...given: Parameters<Staging["take"]>): Promise<Proposal> {
    const waiting = await this.#parts.staging.take(...given);
    try {
      const proposal = await this.#propose(waiting);
      assertAcceptable(proposal);
      return proposal;
    } catch (error) {
      this.#drop(waiting.digest);
      throw error;
    }
  }

  /**
   * Lets in what waits, with all that it wants, and starts it in the place of what is installed under its id.
   * @throws {LatchkeyError} `package-unknown` (404), `plugin-refused` (409), `plugin-signature`, `plugin-package` (422)
   */
  async grant(digest: string, actor: Actor): Promise<Proposal> {
    const { staging, thirdParty } = this.#parts;
    const waiting = staging.get(digest);
    this.#sums.delete(digest);
    const proposal = await this.#propose(waiting);
    assertAcceptable(proposal);
    const { id, version, origin, signer, wants, installed } = proposal;
    // Before it is so: no plugin runs that the log does not know of.
    await this.#record("plugin-granted", actor, {
      plugin: id,
      version,
      before: installed,
      package: origin.package,
      from: origin.from,
      digest,
      signed: proposal.signed,
      granted: wants.map(({ text }) => text),
    });
    // Meanwhile the owner may have sent it away, or changed the settings.
    const grantNow = () => grantFor(staging.get(digest), signer, thirdParty.find(id));
    await thirdParty.admit(grantNow(), grantNow);
    return proposal;
  }

  /** @throws {LatchkeyError} `package-unknown` (404) */
  drop(digest: string): void {
    this.#parts.staging.drop(digest);
  }

  keys(): TrustedKey[] {
    return this.#parts.keys.list();
  }

  /** @throws {LatchkeyError} `key-refused` (422), `key-known` (409) */
  async trust(name: string, key: string, actor: Actor): Promise<TrustedKey> {
    const added = this.#parts.keys.add(name, key);
    await this.#record("plugin-key-added", actor, { key: added.keyId, name: added.name });
    return added;
  }

  /** What it has signed and is installed stays. @throws {LatchkeyError} `key-unknown` (404) */
  async distrust(keyId: string, actor: Actor): Promise<void> {
    const { name } = this.#parts.keys.remove(keyId);
    await this.#record("plugin-key-removed", actor, { key: keyId, name });
  }

  async #propose(waiting: WaitingPackage): Promise<Proposal> {
    const { keys, thirdParty, builtIn } = this.#parts;
    const sums = this.#sums.get(waiting.digest) ?? await this.#read(waiting.digest);
    const installed = thirdParty.find(waiting.manifest.id);
    return propose(waiting, sums, { keys: keys.list(), installed, builtIn });
  }

  /** @throws {LatchkeyError} `plugin-changed` (409) */
  async #read(digest: string): Promise<string> {
    const sums = await packageSumsInTurns(contentOf(waitingDir(this.#parts.plugins, digest)));
    if (digestOfSums(sums) !== digest) {
      throw new LatchkeyError(
        "plugin-changed",
        "The package's files have changed while it waited; add it again",
        {
          status: 409,
        },
      );
    }
    this.#sums.set(digest, sums);
    return sums;
  }

  #drop(digest: string): void {
    try {
      this.#parts.staging.drop(digest);
    } catch {
      // It is gone already.
    }
  }

  async #record(
    outcome: string,
    actor: Actor,
    detail: LogRow["detail"],
  ): Promise<void> {
    const via = actor.kind === "system" ? "system" : "app";
    await this.#parts.access().record({ kind: "settings", outcome, actor, via, detail });
  }
}

/** What is kept of a package that was let in with all that it wants. */
export function grantFor(
  { digest, manifest, origin }: WaitingPackage,
  signer: GrantedPlugin["signer"],
  before: GrantedPlugin | undefined,
): GrantedPlugin {
  return {
    manifest,
    granted: manifest.wants,
    digest,
    origin,
    signer,
    settings: before?.settings ?? {},
    off: null,
  };
}

/** @throws {LatchkeyError} `plugin-refused` (409) */
export function assertAcceptable({ refusal }: Pick<Proposal, "refusal">): void {
  if (refusal !== null) throw new LatchkeyError("plugin-refused", refusal, { status: 409 });
}
