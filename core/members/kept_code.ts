import { readFileSync, rmSync } from "node:fs";
import { errorText, type Log } from "../log.ts";
import { writeDurably } from "../store/durable_file.ts";
import { claimCodePath, claimLabelPath } from "../store/paths.ts";

/** The code that a panel is claimed with, kept until it was used or is void: so that a printed one outlives restarts. */
export interface KeptCode {
  read(): string | undefined;
  keep(code: string): void;
  forget(): void;
}

/** In the data directory, for the panel's user only. What can't be kept is good until the panel ends. */
export function keptCode(dataDir: string, log: Log): KeptCode {
  const path = claimCodePath(dataDir);
  const tried = (what: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      log.warn(what, { path, error: errorText(error) });
    }
  };
  return {
    read() {
      try {
        return /^([\w-]{22})\n$/.exec(readFileSync(path, "utf8"))?.[1];
      } catch {
        return undefined;
      }
    },
    keep: (code) =>
      tried("The code to claim the panel with can't be kept", () => writeDurably(path, `${code}\n`, 0o600)),
    forget: () =>
      tried("The code to claim the panel with can't be removed", () => {
        for (const file of [path, claimLabelPath(dataDir)]) rmSync(file, { force: true });
      }),
  };
}
