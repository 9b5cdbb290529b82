import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { AccessLog } from "../access/access_log.ts";
import { createClockTrust } from "../access/clock_trust.ts";
import { readHeadFile, writeHeadFile } from "../access/head_file.ts";
import { verifyLog } from "../access/verify.ts";
import type { Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import { lockData } from "../store/data_lock.ts";
import { openStore } from "../store/database.ts";
import { syncTree } from "../store/durable_file.ts";
import { assertKeysOf, type Keys, readKeys } from "../store/keys_file.ts";
import { migrations } from "../store/migrations.ts";
import { databasePath, headPath, keysDir, lockPath, pluginsDir } from "../store/paths.ts";
import { decrypted } from "./age.ts";
import { unpack } from "./archive.ts";
import type { Manifest } from "./manifest.ts";
import { spelled } from "./passphrase.ts";
import { assertFree, putInPlace } from "./place.ts";
import { unpackPlugins } from "./plugins.ts";
import { findingsOf } from "./snapshot.ts";
import { finishRestore, stagingOf } from "./unfinished.ts";

export interface RestoreOptions {
  /** The backup. */
  file: string;
  dataDir: string;
  passphrase: string;
  /** Moves a data directory that is in use aside; without it, it must be empty or not there. */
  replace: boolean;
  clock: Clock;
}

export interface Restored {
  manifest: Manifest;
  /** Where the old data directory is now. */
  aside: string | undefined;
}

/**
 * Makes a panel's data directory from a backup. Everything is checked beside it first; then it is put in place by a rename.
 * Killed at any moment it leaves the old directory or the new one.
 * @throws {LatchkeyError} `backup-missing`, `backup-unknown`, `backup-newer`, `backup-damaged`, `passphrase-wrong`,
 *   `keys-…`, `data-taken`, `data-busy`, `restore-busy`, `restore-failed`, `data-read-only`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { file, replace, clock } = options;
  const dataDir = existsSync(options.dataDir) ? realpathSync(options.dataDir) : options.dataDir;
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new LatchkeyError("backup-missing", `There is no backup "${file}"`);
  }
  await finishRestore(dataDir);
  assertFree(dataDir, replace);
  const staging = stagingOf(dataDir);
  const unlock = lockStaging(staging);
  try {
    clear(staging);
    const manifest = await readInto(staging, options);
    const keys = check(staging, manifest);
    await unpackPlugins(pluginsDir(staging));
    record(staging, keys, manifest, clock);
    syncTree(staging);
    return { manifest, aside: putInPlace(dataDir, replace, clock.now()) };
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  } finally {
    unlock();
  }
}

function lockStaging(staging: string): () => void {
  try {
    return lockData(staging, 0);
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== "data-busy") throw error;
    throw new LatchkeyError("restore-busy", "Another restore to this data directory is under way", {
      status: 409,
    });
  }
}

/** What a restore that was cut off has left. */
function clear(staging: string): void {
  for (const name of readdirSync(staging)) {
    const path = join(staging, name);
    if (path !== lockPath(staging)) rmSync(path, { recursive: true, force: true });
  }
}

async function readInto(staging: string, { file, passphrase }: RestoreOptions): Promise<Manifest> {
  for (const folder of [keysDir(staging), pluginsDir(staging)]) mkdirSync(folder, { mode: 0o700 });
  const input = createReadStream(file);
  try {
    const cipher = Readable.toWeb(input) as ReadableStream<Uint8Array<ArrayBuffer>>;
    return await unpack(await decrypted(cipher, spelled(passphrase)), staging, migrations.length);
  } finally {
    input.destroy();
  }
}

/** That what was unpacked belongs together and is what was saved. @throws {LatchkeyError} `backup-damaged`, `keys-…` */
function check(staging: string, manifest: Manifest): Keys {
  const path = databasePath(staging);
  const keys = readKeys(staging);
  const verdict = verifyLog(path, keys.logKey, readHeadFile(headPath(path), keys.logKey));
  const [now, then] = [findingsOf(verdict), manifest.log.findings];
  const same = now.length === then.length && now.every((finding, at) => finding === then[at]);
  if (same && verdict.rows === manifest.log.rows) return keys;
  throw new LatchkeyError(
    "backup-damaged",
    "The backup is damaged. The check of its access log does not find what it found when it was made: " +
      (now[0] ?? `${verdict.rows} rows`),
  );
}

/** Brings the database up to date, and says in its log that it was restored: what came after the backup is not in it. */
function record(staging: string, keys: Keys, manifest: Manifest, clock: Clock): void {
  const path = databasePath(staging);
  const store = openStore(path);
  try {
    assertKeysOf(store, keys);
    const trust = createClockTrust({ clock, store });
    const log = new AccessLog({ store, key: keys.logKey, trust, clock });
    log.append({
      kind: "system",
      outcome: "restored",
      actor: { kind: "system", id: "backup", scopes: [] },
      via: "system",
      detail: { madeAt: manifest.madeAt, rows: manifest.log.rows },
    });
    // A head that knows of rows that are missing stays: the panel's start tells of them.
    if (manifest.log.findings.length === 0) writeHeadFile(headPath(path), keys.logKey, log.head());
  } finally {
    store.close();
  }
}
