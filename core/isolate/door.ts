import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import type { Random } from "../random.ts";
import type { Installer } from "./install/installer.ts";
import type { TrustedKeys } from "./install/trusted_keys.ts";
import { hasFolders } from "./install/places.ts";
import type { IsolatedPlugin } from "./isolated_plugin.ts";
import type { Launch } from "./process.ts";
import type { ThirdParty, ThirdPartyParts } from "./third_party.ts";

export interface DoorParts extends Omit<ThirdPartyParts, "launch" | "folders"> {
  /** Whose signatures the owner trusts. */
  keys: TrustedKeys;
  /** The folder of all of them. */
  plugins: string;
  random: Random;
  /** What starts their processes; without it, nothing does. */
  launch: (() => Promise<Launch | { impossible: string }>) | undefined;
}

/** The way to the third-party plugins: their code is loaded where there are any, or one is asked for. */
export class ThirdPartyDoor {
  readonly #parts: DoorParts;
  #opening: Promise<ThirdParty> | undefined;
  #installer: Promise<Installer> | undefined;
  #open: ThirdParty | undefined;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Starts those that the owner has let in, while the panel goes on. */
  begin(): void {
    const { grants, log, plugins } = this.#parts;
    try {
      const { plugins: all, damaged } = grants.list();
      if (all.length + damaged.length === 0 && !hasFolders(plugins)) return;
    } catch {
      // Opening it says why.
    }
    this.open().catch((error) => log.error("Third-party plugins do not run", { error: errorText(error) }));
  }

  open(): Promise<ThirdParty> {
    return this.#opening ??= this.#load();
  }

  /** How the owner lets plugins in. */
  installer(): Promise<Installer> {
    return this.#installer ??= this.#loadInstaller();
  }

  /** Those that run, or could. */
  plugins(): readonly IsolatedPlugin[] {
    return this.#open?.plugins() ?? [];
  }

  /** @throws {LatchkeyError} `plugin-unknown` (404) */
  saveSettings(...args: Parameters<ThirdParty["saveSettings"]>): void {
    if (this.#open) return this.#open.saveSettings(...args);
    throw new LatchkeyError("plugin-unknown", `There is no third-party plugin "${args[0]}"`, { status: 404 });
  }

  async #loadInstaller(): Promise<Installer> {
    const { plugins, clock, random, keys, builtIn, access, log } = this.#parts;
    const [{ Installer }, { Staging }, thirdParty] = await Promise.all([
      import("./install/installer.ts"),
      import("./install/staging.ts"),
      this.open(),
    ]);
    const staging = new Staging({ plugins, now: () => clock.now(), random });
    return new Installer({ thirdParty, staging, keys, plugins, builtIn, access, log });
  }

  async #load(): Promise<ThirdParty> {
    const { launch, ...parts } = this.#parts;
    const [{ ThirdParty }, { pluginFolders }] = await Promise.all([
      import("./third_party.ts"),
      import("./install/folders.ts"),
    ]);
    const open = new ThirdParty({
      ...parts,
      folders: pluginFolders(parts.plugins, parts.random),
      launch: await launch?.() ?? { impossible: "Nothing here can start third-party plugins" },
    });
    this.#open = open;
    open.begin();
    return open;
  }
}
