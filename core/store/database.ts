import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import { assertSettings, assertVersion } from "./boot_checks.ts";
import { storeError } from "./errors.ts";
import { type Migration, migrations, migrationsApply } from "./migrations.ts";
import { headPath } from "./paths.ts";
import { Store } from "./store.ts";

export { Store };

/** How long a statement waits for another process, such as one that reads a backup, ms. */
const BUSY_MS = 5_000;

/** Structure checked at boot up to this size: beyond, it would hold up the first release. */
const CHECKED_BYTES = 16 * 1024 * 1024;

export interface StoreOptions {
  /** The panel's own, unless a test brings others. */
  migrations?: readonly Migration[];
  /** Told where SQLite is older than wanted and the host can't bring a newer one. */
  warn?: (message: string) => void;
}

/**
 * Opens the panel's database, makes it where there is none, brings an older one up to date.
 * A damaged one is never replaced by an empty one.
 * @throws {LatchkeyError} `database-damaged`, `database-newer`, `database-read-only`, `database-missing`, `sqlite-too-old`
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
  assertVersion(options.warn ?? ((message) => process.emitWarning(message)));
  const size = existsSync(path) ? statSync(path).size : 0;
  if (size === 0 && existsSync(headPath(path))) throw missing(path);
  keepPrivate(path);
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  } catch (error) {
    throw storeError(error, path) ?? error;
  }
  const store = new Store(path, db);
  try {
    assertSettings(store);
    if (size > 0 && size <= CHECKED_BYTES) assertWhole(store);
    migrationsApply(store, options.migrations ?? migrations);
    store.checkpoint();
    return store;
  } catch (error) {
    store.close();
    throw storeError(error, path) ?? error;
  }
}

/** Names and times of people's lives are in it. What SQLite makes beside it has the same mode. */
function keepPrivate(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
    for (const end of ["", "-wal", "-shm"]) if (existsSync(path + end)) chmodSync(path + end, 0o600);
  } catch {
    // Another user's, or not writable: where it can't be used at all, the opening says so.
  }
}

function assertWhole(store: Store): void {
  const row = store.prepare("PRAGMA quick_check(1)").get();
  if (row?.["quick_check"] === "ok") return;
  throw new LatchkeyError(
    "database-damaged",
    `Database "${store.path}" is damaged (${
      row?.["quick_check"]
    }). Restore a backup in its place; nothing was changed`,
    { status: 500 },
  );
}

function missing(path: string): LatchkeyError {
  return new LatchkeyError(
    "database-missing",
    `Database "${path}" is missing or empty, but "${
      basename(headPath(path))
    }" beside it says that there was one. ` +
      `Restore a backup, or move the whole directory away to begin anew`,
    { status: 500 },
  );
}
