import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LatchkeyError } from "./errors.ts";
import { defineService } from "./plugin/keys.ts";
import type { Context } from "./plugin/plugin.ts";
import { openStore } from "./store/database.ts";
import type { Migration } from "./store/migrations.ts";
import type { Store } from "./store/store.ts";

/** A database that can be made anew from elsewhere. */
export interface Index {
  store: Pick<Store, "prepare" | "transaction" | "single" | "close">;
  /** Whether it is empty because it was damaged, or made by a newer version: it is to be filled anew. */
  lost: boolean;
}

/** Files of a built-in plugin's own in the data directory, for what is too much for its store. */
export interface FilesService {
  /** The path of a directory, made where it is missing. @param name 1 to 40 lower case letters, digits, dashes */
  directory(name: string): Promise<string>;
  /** Opens an index; whoever asks closes it. One that can't be read is thrown away and begun anew. */
  index(name: string, steps: readonly Migration[]): Promise<Index>;
}

/** Not from outside: a plugin in a process of its own has a folder, and no other files. */
export const filesService = defineService<FilesService>("files");

export function setupFiles(core: Context, dataDir: string): void {
  core.provide(filesService, {
    // deno-lint-ignore require-await -- asynchronous by contract
    async directory(name) {
      const path = join(dataDir, assertName(name));
      mkdirSync(path, { recursive: true, mode: 0o700 });
      return path;
    },
    // deno-lint-ignore require-await -- asynchronous by contract
    async index(name, migrations) {
      const path = join(dataDir, `${assertName(name)}.db`);
      try {
        return { store: openStore(path, { migrations }), lost: false };
      } catch (error) {
        if (!(error instanceof LatchkeyError) || !LOST.includes(error.code)) throw error;
        core.log.warn(`The index "${path}" can't be read and is made anew`, { error: error.message });
        for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
        return { store: openStore(path, { migrations }), lost: true };
      }
    },
  });
}

const LOST = ["database-damaged", "database-newer"];

function assertName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(name)) return name;
  throw new TypeError(
    `Cannot keep files as "${name}": it must have 1 to 40 lower case letters, digits and dashes`,
  );
}
