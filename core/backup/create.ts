import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { lockData } from "../store/data_lock.ts";
import { databasePath, lockPath } from "../store/paths.ts";
import { encrypted } from "./age.ts";
import { packed } from "./archive.ts";
import { writeFileOf } from "./files.ts";
import type { Manifest } from "./manifest.ts";
import { checkedPassphrase } from "./passphrase.ts";
import { type SnapshotParts, takeSnapshot } from "./snapshot.ts";
import { READY, workshop } from "./workshop.ts";

export interface BackupOptions extends Omit<SnapshotParts, "into"> {
  /** The backup. What is there is replaced once the new one is whole. */
  out: string;
  passphrase: string;
}

/**
 * Makes an encrypted backup of a panel, running or not: one file, whole and on disk when this is resolved. Until then the
 * content lies in clear beside the original only, and is gone afterwards.
 * @throws {LatchkeyError} `passphrase-refused`, `nothing-to-back-up`, `backup-busy`, `backup-failed`, and as `takeSnapshot`
 */
export async function createBackup(options: BackupOptions): Promise<Manifest> {
  const passphrase = checkedPassphrase(options.passphrase);
  const source = databasePath(options.dataDir);
  if (!existsSync(source)) {
    throw new LatchkeyError("nothing-to-back-up", `There is no database "${source}": nothing to back up`, {
      status: 409,
    });
  }
  const shop = workshop(options.dataDir);
  const unlock = lockWorkshop(shop);
  try {
    const into = join(shop, "content");
    clear(shop);
    mkdirSync(into, { mode: 0o700 });
    const manifest = await takeSnapshot({ ...options, into });
    await write(await encrypted(packed(manifest, into), passphrase), options.out);
    return manifest;
  } finally {
    clear(shop);
    unlock();
  }
}

function lockWorkshop(shop: string): () => void {
  try {
    return lockData(shop, 0);
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== "data-busy") throw error;
    throw new LatchkeyError(
      "backup-busy",
      "Another backup of this panel is being made; wait until it is done",
      {
        status: 409,
      },
    );
  }
}

/** A backup that is being handed out stays. */
function clear(shop: string): void {
  for (const name of readdirSync(shop)) {
    if (join(shop, name) === lockPath(shop) || name.endsWith(READY)) continue;
    rmSync(join(shop, name), { recursive: true, force: true });
  }
}

async function write(pieces: AsyncIterable<Uint8Array>, out: string): Promise<void> {
  const part = `${out}.part`;
  try {
    await rm(part, { force: true });
    await writeFileOf(pieces, part);
    await rename(part, out);
    const directory = await open(dirname(out), "r");
    await directory.sync().finally(() => directory.close());
  } catch (error) {
    await rm(part, { force: true });
    throw failed(out, error as NodeJS.ErrnoException);
  }
}

function failed(out: string, error: NodeJS.ErrnoException): LatchkeyError {
  const full = error.code === "ENOSPC" || error.code === "EDQUOT";
  const why = full ? "the disk is full" : error.message;
  return new LatchkeyError("backup-failed", `Cannot write the backup "${out}": ${why}`, {
    status: full ? 507 : 500,
    cause: error,
  });
}
