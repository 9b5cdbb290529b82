import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { VirtualClock } from "../../testing/virtual_clock.ts";
import { type BackupOptions, createBackup } from "../create.ts";
import type { Manifest } from "../manifest.ts";
import { restoreBackup, type Restored, type RestoreOptions } from "../restore.ts";

export const PASSPHRASE = "sleepy otter paints tall bridges";
export const MADE_AT: number = Date.UTC(2026, 5, 1, 12);

/** Backs `dataDir` up to `out`. */
export function backUp(
  dataDir: string,
  out: string,
  change: Partial<BackupOptions> = {},
): Promise<Manifest> {
  return createBackup({
    dataDir,
    out,
    config: undefined,
    name: "Front door",
    version: "1.2.3",
    now: MADE_AT,
    gently: false,
    passphrase: PASSPHRASE,
    ...change,
  });
}

export function restore(
  file: string,
  dataDir: string,
  change: Partial<RestoreOptions> = {},
  clock: Clock = new VirtualClock(),
): Promise<Restored> {
  return restoreBackup({ file, dataDir, passphrase: PASSPHRASE, replace: false, clock, ...change });
}

/** What is in a directory, with what is below it, by path. */
export function listing(dir: string): string[] {
  const below = (folder: string, prefix: string): string[] =>
    [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
      isDirectory ? below(join(folder, name), `${prefix}${name}/`) : [`${prefix}${name}`]
    );
  return below(dir, "").sort();
}
