import { existsSync, renameSync, rmSync } from "node:fs";

/** Where a restore unpacks: beside its aim, so that a rename is enough. */
export const stagingOf = (dataDir: string): string => `${dataDir}.restoring`;

/** A data directory that is whole and checked, and takes its place as soon as the old one has left it. */
export const readyOf = (dataDir: string): string => `${dataDir}.restored`;

/**
 * Ends what a restore that was killed has left undone, before a data directory is used or made. Where there is none, for
 * the old one was moved aside already, a start would else begin a new panel.
 */
export async function finishRestore(dataDir: string): Promise<void> {
  const ready = readyOf(dataDir);
  if (!existsSync(ready)) return;
  if (!existsSync(dataDir)) return renameSync(ready, dataDir);
  const { lockData } = await import("../store/data_lock.ts");
  try {
    // Whoever is restoring right now holds it.
    const unlock = lockData(dataDir, 0);
    rmSync(ready, { recursive: true, force: true });
    unlock();
  } catch {
    // A panel or a restore uses the directory: the next one looks again.
  }
}
