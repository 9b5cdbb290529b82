import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { storedGrants } from "../isolate/grants.ts";
import { assertUnchanged } from "../isolate/launch/folder.ts";
import { digestOfSums, packageSums } from "../isolate/package_sums.ts";
import { grantOf } from "../isolate/testing/isolated_bench.ts";
import { pluginsDir } from "../store/paths.ts";
import { AccessPanel } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { backUp, listing, restore } from "./testing/backups.ts";

function installed(data: string, id: string): string {
  const folder = join(pluginsDir(data), id);
  mkdirSync(join(folder, "lib"), { recursive: true });
  writeFileSync(join(folder, "mod.ts"), `// ${id}`);
  writeFileSync(join(folder, "lib", "sound.bin"), new Uint8Array(70_000).fill(7));
  return digestOfSums(packageSums(folder));
}

Deno.test(
  "a backup takes third-party plugins along: files, grants, settings and what they keep, also where a grant can't be read; one that was changed stays unfit to run",
  inTempDir(async (dir) => {
    const [data, fresh] = [join(dir, "data"), join(dir, "fresh")];
    mkdirSync(data);
    const panel = new AccessPanel(data);
    const grants = storedGrants(panel.store);
    for (const id of ["chime", "linked", "changed", "gone", "odd"]) {
      grants.put({ ...grantOf(id, { net: ["nas.lan"] }, { town: "Rome" }), digest: installed(data, id) });
    }
    panel.store.exec("INSERT INTO plugin_state (plugin, key, value) VALUES ('chime', 'rung', '3')");
    panel.store.exec(`UPDATE plugin_state SET value = json_set(value, '$.digest', '') WHERE key = 'odd'`);
    installed(data, "nobodys");
    symlinkSync("/etc/passwd", join(pluginsDir(data), "linked", "users"));
    writeFileSync(join(pluginsDir(data), "changed", "mod.ts"), "evil()");
    mkdirSync(join(pluginsDir(data), ".incoming"));
    await panel.stop();
    Deno.removeSync(join(pluginsDir(data), "gone"), { recursive: true });

    await backUp(data, join(dir, "panel.age"));
    await restore(join(dir, "panel.age"), fresh);
    assert.deepEqual(readdirSync(pluginsDir(fresh)).sort(), ["changed", "chime", "odd"]);
    assert.deepEqual(listing(join(pluginsDir(fresh), "chime")), ["lib/sound.bin", "mod.ts"]);
    const restored = new AccessPanel(fresh);
    const chime = storedGrants(restored.store).get("chime")!;
    assert.deepEqual([chime.granted.net, chime.settings], [["nas.lan"], { town: "Rome" }]);
    await assertUnchanged(pluginsDir(fresh), { id: "chime", digest: chime.digest });
    const changed = storedGrants(restored.store).get("changed")!;
    await assert.rejects(assertUnchanged(pluginsDir(fresh), { id: "changed", digest: changed.digest }), {
      code: "plugin-changed",
    });
    const state = restored.store.prepare("SELECT value FROM plugin_state WHERE plugin = 'chime'").get();
    assert.equal(state?.["value"], "3");
    await restored.stop();
  }),
);
