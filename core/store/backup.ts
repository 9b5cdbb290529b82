import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import { syncPath } from "./durable_file.ts";

/** Copies `db` to `path` by way of a file beside it. @throws {LatchkeyError} `backup-failed` */
export async function backUp(db: DatabaseSync, path: string, verify: boolean): Promise<void> {
  const part = `${path}.part`;
  try {
    await backup(db, part);
    finish(part, verify);
    syncPath(part);
    renameSync(part, path);
    syncPath(dirname(path));
  } catch (error) {
    throw new LatchkeyError("backup-failed", `Cannot back up to "${path}": ${errorText(error)}`, {
      status: 500,
      cause: error,
    });
  } finally {
    for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(part + end, { force: true });
  }
}

/** Makes the copy one file, without a write-ahead log of its own, and reads it through. */
function finish(path: string, verify: boolean): void {
  const copy = new DatabaseSync(path);
  try {
    copy.prepare("PRAGMA journal_mode = DELETE").get();
    if (!verify) return;
    const found = copy.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"];
    if (found !== "ok") throw new Error(`the copy is damaged: ${found}`);
  } finally {
    copy.close();
  }
}
