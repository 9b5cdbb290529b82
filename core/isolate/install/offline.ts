import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { AccessLog } from "../../access/access_log.ts";
import { createClockTrust } from "../../access/clock_trust.ts";
import type { Clock } from "../../clock.ts";
import { LatchkeyError } from "../../errors.ts";
import { createLog, readableLine } from "../../log.ts";
import type { Random } from "../../random.ts";
import { lockData } from "../../store/data_lock.ts";
import { openStore, type Store } from "../../store/database.ts";
import { assertKeysOf, readKeys } from "../../store/keys_file.ts";
import { databasePath, pluginsDir } from "../../store/paths.ts";
import { findReadable, storedGrants } from "../grants.ts";
import { pluginFolders } from "./folders.ts";
import { Installer } from "./installer.ts";
import { Staging } from "./staging.ts";
import { trustedKeys } from "./trusted_keys.ts";

export interface Machine {
  dataDir: string;
  /** Ids of built-in plugins. */
  builtIn: readonly string[];
  clock: Clock;
  random: Random;
}

/** An installer beside the panel, for whoever is at its machine. */
export interface OfflineInstaller extends Disposable {
  installer: Installer;
  /** Whether the panel runs: then packages wait for the owner's word on its page, and `grant` throws. */
  panelRuns: boolean;
}

/**
 * Opens a panel's data, to itself where the panel does not run.
 * @throws {LatchkeyError} `panel-missing`, and as `openStore`, `readKeys`
 */
export function openInstaller(machine: Machine): OfflineInstaller {
  const { dataDir } = machine;
  if (!existsSync(databasePath(dataDir))) {
    throw new LatchkeyError(
      "panel-missing",
      `There is no panel's data in "${dataDir}": start the panel once, or name its directory with --data`,
    );
  }
  const unlock = lockWhereFree(dataDir);
  return unlock ? alone(machine, unlock) : besides(machine);
}

function alone(machine: Machine, unlock: () => void): OfflineInstaller {
  const { dataDir, clock, random } = machine;
  let store: Store | undefined;
  try {
    const opened = store = openStore(databasePath(dataDir));
    const keys = readKeys(dataDir);
    assertKeysOf(opened, keys);
    const trust = createClockTrust({ clock, store: opened });
    const log = new AccessLog({ store: opened, key: keys.logKey, trust, clock });
    const grants = storedGrants(opened);
    const folders = pluginFolders(pluginsDir(dataDir), random);
    return {
      installer: installerOf(machine, opened, (entry) => Promise.resolve(log.append(entry)), (plugin) => {
        grants.put(plugin);
        folders.place(plugin);
        return Promise.resolve();
      }),
      panelRuns: false,
      [Symbol.dispose]() {
        opened.close();
        unlock();
      },
    };
  } catch (error) {
    store?.close();
    unlock();
    throw error;
  }
}

function besides(machine: Machine): OfflineInstaller {
  const db = new DatabaseSync(databasePath(machine.dataDir), { readOnly: true, timeout: 5_000 });
  const refuse = () => {
    throw new LatchkeyError("panel-runs", "The panel runs: let the plugin in on its page", { status: 409 });
  };
  const store = { prepare: (sql: string) => db.prepare(sql), transaction: refuse };
  return {
    installer: installerOf(machine, store, refuse, refuse),
    panelRuns: true,
    [Symbol.dispose]: () => db.close(),
  };
}

function installerOf(
  { dataDir, builtIn, clock, random }: Machine,
  store: Pick<Store, "prepare" | "transaction">,
  record: ReturnType<ConstructorParameters<typeof Installer>[0]["access"]>["record"],
  admit: ConstructorParameters<typeof Installer>[0]["thirdParty"]["admit"],
): Installer {
  const plugins = pluginsDir(dataDir);
  return new Installer({
    thirdParty: { find: (id) => findReadable(storedGrants(store), id), admit },
    staging: new Staging({ plugins, now: () => clock.now(), random }),
    keys: trustedKeys(store),
    plugins,
    builtIn,
    access: () => ({ record }),
    log: createLog({
      level: "warn",
      now: () => clock.now(),
      sink: (line) => console.error(readableLine(line)),
    }),
  });
}

function lockWhereFree(dataDir: string): (() => void) | undefined {
  try {
    return lockData(dataDir, 0);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === "data-busy") return undefined;
    throw error;
  }
}
