import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import type { Store } from "./store.ts";

/** The first without the WAL-reset bug, by which two connections that write or checkpoint at once damage a database. */
const NEEDED_SQLITE = "3.51.3";

/**
 * On Deno the version comes with the pinned runtime, so an old one is an error. Node 22 bundles an older one that nobody
 * can exchange; there it is a warning, as the bug needs two writers and the panel is the only one.
 * @throws {LatchkeyError} `sqlite-too-old`
 */
export function assertVersion(
  warn: (message: string) => void,
  version: string = bundledVersion(),
  onDeno: boolean = process.versions["deno"] !== undefined,
): void {
  if (!isOlder(version, NEEDED_SQLITE)) return;
  const message =
    `SQLite ${version} is older than ${NEEDED_SQLITE}, which repairs a bug that can damage databases`;
  if (onDeno) throw new LatchkeyError("sqlite-too-old", `${message}. Use the Deno named in the README`);
  warn(message);
}

/** Not by `localeCompare`: that loads collation tables, 10 ms of each start. */
function isOlder(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const at = theirs.findIndex((part, index) => part !== ours[index]);
  return at >= 0 && (ours[at] ?? 0) < theirs[at]!;
}

function bundledVersion(): string {
  const db = new DatabaseSync(":memory:");
  try {
    return String(db.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  } finally {
    db.close();
  }
}

/** Sets what makes a commit durable, and believes SQLite's word only. */
export function assertSettings(store: Store): void {
  const set = (pragma: string, value: string | number, wanted: string | number) => {
    store.prepare(`PRAGMA ${pragma} = ${value}`).get();
    const row = store.prepare(`PRAGMA ${pragma}`).get();
    const actual = row && Object.values(row)[0];
    if (actual === wanted) return;
    throw new LatchkeyError(
      "database-settings",
      `Database "${store.path}" has ${pragma} ${actual}, needed is ${wanted}. Put it on a local disk`,
      { status: 500 },
    );
  };
  // Nothing is written here, but a database that can't be written says so now and not at the first release.
  store.transaction(() => {});
  set("journal_mode", "WAL", "wal");
  set("synchronous", "FULL", 2);
  set("foreign_keys", "ON", 1);
  set("trusted_schema", "OFF", 0);
  set("wal_autocheckpoint", 0, 0);
}
