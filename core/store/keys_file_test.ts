import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { systemRandom } from "../random.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { openStore } from "./database.ts";
import { loadKeys } from "./keys_file.ts";
import { databasePath } from "./paths.ts";

const code = (wanted: string, word: string) => (error: unknown) =>
  error instanceof LatchkeyError && error.code === wanted && error.message.includes(word);

Deno.test(
  "keys are made once, differ, and only their owner may read them",
  inTempDir((dir) => {
    const data = join(dir, "new", "data");
    const first = loadKeys(data, systemRandom);
    assert.deepEqual(loadKeys(data, systemRandom), first);
    assert.notDeepEqual(first.logKey, first.cardKey);
    for (const name of ["log.key", "card.key"]) {
      assert.equal(statSync(join(data, "keys", name)).mode & 0o777, 0o600);
    }
    assert.equal(statSync(join(data, "keys")).mode & 0o777, 0o700);
  }),
);

Deno.test(
  "a key that others may read is closed to them again",
  inTempDir((dir) => {
    loadKeys(dir, systemRandom);
    const path = join(dir, "keys", "card.key");
    Deno.chmodSync(path, 0o644);
    loadKeys(dir, systemRandom);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  }),
);

Deno.test(
  "a database without its keys is refused and no new keys are made",
  inTempDir((dir) => {
    for (const name of ["log.key", "card.key"]) {
      loadKeys(dir, systemRandom);
      openStore(databasePath(dir)).close();
      rmSync(join(dir, "keys", name));
      assert.throws(() => loadKeys(dir, systemRandom), code("keys-missing", name));
      assert.throws(() => statSync(join(dir, "keys", name)), /ENOENT|No such file/);
      rmSync(databasePath(dir));
    }
  }),
);

Deno.test(
  "a damaged key is refused and left as it is",
  inTempDir((dir) => {
    loadKeys(dir, systemRandom);
    const path = join(dir, "keys", "log.key");
    writeFileSync(path, "abc");
    assert.throws(() => loadKeys(dir, systemRandom), code("keys-damaged", path));
    assert.equal(readFileSync(path, "utf8"), "abc");
  }),
);

Deno.test(
  "a data directory that can't be made is refused with its name",
  inTempDir((dir) => {
    writeFileSync(join(dir, "file"), "");
    const data = join(dir, "file", "data");
    assert.throws(() => loadKeys(data, systemRandom), code("data-read-only", data));
  }),
);
