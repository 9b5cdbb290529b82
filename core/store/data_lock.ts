import { mkdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import { dataUnwritable, isBusy } from "./errors.ts";
import { lockPath } from "./paths.ts";

/** A lock whose database were collected as garbage would be gone. */
const held = new Set<DatabaseSync>();

/** A panel that is just ending gets this long, ms. */
const WAIT_MS = 1_000;

/**
 * Makes this process the only panel on a data directory, which it makes where there is none. The kernel gives the lock
 * back however the process ends. An SQLite file, as neither `node:fs` nor its like can lock one.
 * @param waitMs how long it is waited for a process that is just ending; nothing else happens meanwhile
 * @returns what gives the lock back
 * @throws {LatchkeyError} `data-busy`, `data-read-only`
 */
export function lockData(dataDir: string, waitMs: number = WAIT_MS): () => void {
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lock = db = new DatabaseSync(lockPath(dataDir), { timeout: waitMs });
    lock.prepare("PRAGMA journal_mode = MEMORY").get();
    lock.prepare("BEGIN EXCLUSIVE").run();
    held.add(lock);
    return () => {
      if (held.delete(lock)) lock.close();
    };
  } catch (error) {
    db?.close();
    throw isBusy(error)
      ? new LatchkeyError("data-busy", `Another panel is running on the data directory "${dataDir}"`)
      : dataUnwritable(dataDir, error);
  }
}
