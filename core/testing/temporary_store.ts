import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../store/database.ts";
import type { Store } from "../store/store.ts";

export interface TemporaryStore extends Disposable {
  store: Store;
}

/** A panel's database in a directory of its own, gone with the test. */
export function temporaryStore(): TemporaryStore {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-"));
  const store = openStore(join(dir, "access.db"));
  return {
    store,
    [Symbol.dispose]() {
      store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
