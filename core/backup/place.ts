import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import { lockData } from "../store/data_lock.ts";
import { syncPath } from "../store/durable_file.ts";
import { readyOf, stagingOf } from "./unfinished.ts";

/** @throws {LatchkeyError} `data-taken`, `data-busy` */
export function assertFree(dataDir: string, replace: boolean): void {
  if (!isTaken(dataDir)) return;
  if (!replace) throw taken(dataDir);
  lockOld(dataDir)();
}

/**
 * Moves the staging directory to where the data directory is to be.
 * @returns where the old one is now
 * @throws {LatchkeyError} `data-taken`, `data-busy`, `restore-failed`
 */
export function putInPlace(dataDir: string, replace: boolean, now: number): string | undefined {
  if (!isTaken(dataDir)) {
    // Takes the place of an empty directory, and fails where it is empty no longer.
    move(stagingOf(dataDir), dataDir);
    return undefined;
  }
  if (!replace) throw taken(dataDir);
  const unlock = lockOld(dataDir);
  try {
    const ready = readyOf(dataDir);
    rmSync(ready, { recursive: true, force: true });
    move(stagingOf(dataDir), ready);
    const aside = asideOf(dataDir, now);
    try {
      move(dataDir, aside);
    } catch (error) {
      move(ready, stagingOf(dataDir));
      throw error;
    }
    // A panel that was started in this very moment has put it in place already.
    if (existsSync(ready)) move(ready, dataDir);
    return aside;
  } finally {
    unlock();
  }
}

function isTaken(dataDir: string): boolean {
  try {
    return readdirSync(dataDir).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw new LatchkeyError("data-taken", `Cannot restore to "${dataDir}": ${errorText(error)}`, {
      cause: error,
    });
  }
}

/** A name that is free: `data.before-20261126T101500Z`. */
function asideOf(dataDir: string, now: number): string {
  const base = `${dataDir}.before-${new Date(now).toISOString().replace(/[:-]|\.\d+/g, "")}`;
  let aside = base;
  for (let count = 2; existsSync(aside); count++) aside = `${base}-${count}`;
  return aside;
}

function lockOld(dataDir: string): () => void {
  try {
    return lockData(dataDir);
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== "data-busy") throw error;
    throw new LatchkeyError(
      "data-busy",
      `A panel is running on the data directory "${dataDir}"; stop it first`,
      {
        status: 409,
      },
    );
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
    syncPath(dirname(to));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") throw taken(to);
    throw new LatchkeyError(
      "restore-failed",
      `Cannot move "${from}" to "${to}": ${
        errorText(error)
      }. Both must be on one disk, and the directory above ` +
        "writable",
      { status: 500, cause: error },
    );
  }
}

function taken(dataDir: string): LatchkeyError {
  return new LatchkeyError(
    "data-taken",
    `The data directory "${dataDir}" is not empty. Name another one with --data, or have this one moved aside with ` +
      "--replace",
    { status: 409 },
  );
}
