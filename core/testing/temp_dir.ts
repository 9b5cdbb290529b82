import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A test body that is given a directory of its own, gone afterwards. */
export function inTempDir(run: (dir: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const dir = mkdtempSync(join(tmpdir(), "latchkey-"));
    try {
      await run(dir);
    } finally {
      rmSync(dir, { recursive: true });
    }
  };
}
