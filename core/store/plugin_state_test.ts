import assert from "node:assert/strict";
import { inTempDir } from "../testing/temp_dir.ts";
import { openStore } from "./database.ts";
import { databasePath } from "./paths.ts";
import { forPlugin } from "./plugin_state.ts";

Deno.test(
  "plugin state is kept by plugin and key, and forgotten when deleted",
  inTempDir(async (dir) => {
    const store = openStore(databasePath(dir));
    const [light, lock] = [forPlugin(store, "light"), forPlugin(store, "lock")];
    await light.set("level", { on: true, dim: [1, null, "x"] });
    await lock.set("level", 7);
    assert.deepEqual(await light.get("level"), { on: true, dim: [1, null, "x"] });
    await light.set("level", 2);
    await lock.delete("level");
    await lock.delete("never-there");
    assert.equal(await light.get("level"), 2);
    assert.equal(await lock.get("level"), undefined);
    store.close();
  }),
);

Deno.test(
  "plugin state refuses what is too long or not JSON",
  inTempDir(async (dir) => {
    const store = openStore(databasePath(dir));
    const state = forPlugin(store, "light");
    await assert.rejects(state.set("k".repeat(201), 1), { code: "state-refused" });
    await assert.rejects(state.set("k", "v".repeat(300_000)), { code: "state-refused" });
    await assert.rejects(state.set("k", undefined as unknown as null), { code: "state-refused" });
    store.close();
  }),
);
