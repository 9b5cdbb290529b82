import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CardSlot, Clock } from "../../../core/mod.ts";
import { CardFiles, type Guard } from "./files.ts";

/** A card that is in. */
export interface CardIn {
  /** Differs from that of another card, where that can be known without reading it. */
  key: string;
  files: CardFiles;
}

/** Where a card is looked for. Resolves to undefined where there is none. */
export type LookForCard = () => Promise<CardIn | undefined>;

const SLOW_MS = 2_000;

/**
 * The slot of the simulated board: each card is a directory, and what is wrong with it is done to whoever uses it.
 * @param describe the slot as it is now; undefined where the board has none
 */
export function simulatedSlot(
  directory: string,
  describe: () => Promise<CardSlot | undefined>,
  clock: Clock,
): LookForCard {
  /** As it was last seen: an access does not wait for the board. */
  let slot: CardSlot | undefined;
  return async () => {
    slot = await describe();
    const { card } = slot ?? {};
    if (!card) return undefined;
    const path = join(directory, card);
    await mkdir(path, { recursive: true });
    let used = 0;
    const free = () => Math.max(0, (slot?.bytes ?? 0) - (slot?.taken ?? 0) - used);
    const space = async () => {
      used = await usedIn(path);
      return { total: slot?.bytes ?? 0, free: free() };
    };
    const guard: Guard = async (access, bytes) => {
      if (slot?.card !== card) throw failure("ENODEV", "There is no card");
      if (slot.wornOut) throw failure("EIO", "The card does not answer");
      if (access === "read") return;
      if (slot.writeProtected) throw failure("EROFS", "The card is write-protected");
      if (slot.slow) await new Promise<void>((done) => clock.after(SLOW_MS, done));
      if (bytes > 0 && free() < bytes) throw failure("ENOSPC", "The card is full");
      used += bytes;
    };
    await space();
    return { key: card, files: new CardFiles(path, guard, space) };
  };
}

/** A card that the system mounts at `path`: as long as nothing is mounted there, what is there is not the card. */
export function mountedSlot(path: string, dataDirectory: string): LookForCard {
  return async () => {
    const [here, data] = await Promise.all([stat(path).catch(() => undefined), stat(dataDirectory)]);
    if (!here?.isDirectory() || here.dev === data.dev) return undefined;
    return { key: `${here.dev} ${here.ino}`, files: new CardFiles(path) };
  };
}

async function usedIn(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  // One that goes meanwhile takes nothing.
  const sizes = names.map((name) => stat(join(path, name)).then(({ size }) => size, () => 0));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
