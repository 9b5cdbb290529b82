import assert from "node:assert/strict";
import { temporaryStore } from "../testing/temporary_store.ts";
import { storedGrants } from "./grants.ts";
import { type GrantedPlugin, pluginManifestSchema, wantsSchema } from "./manifest.ts";

const OFF = { by: "crashes", reason: "Three crashes" } as const;

function granted(id: string, change: Partial<GrantedPlugin> = {}): GrantedPlugin {
  return {
    manifest: pluginManifestSchema.parse({ id, title: id, version: "1.0.0", api: 1, entry: "mod.ts" }),
    granted: wantsSchema.parse({ net: ["api.example.org"] }),
    digest: "0".repeat(64),
    origin: { from: "npm", package: "latchkey-plugin-weather", integrity: "sha512-abc" },
    signer: { keyId: "0123456789ABCDEF", name: "Ann" },
    settings: { town: "Rome" },
    off: null,
    ...change,
  };
}

Deno.test("grants are kept by id, changed in place, and gone when removed", () => {
  using panel = temporaryStore();
  const grants = storedGrants(panel.store);
  assert.deepEqual(grants.list(), []);
  grants.put(granted("weather"));
  grants.put(granted("chime"));
  grants.put(granted("weather", { off: OFF }));
  assert.deepEqual(grants.list(), [granted("chime"), granted("weather", { off: OFF })]);
  assert.deepEqual(grants.get("chime"), granted("chime"));
  grants.remove("chime");
  assert.equal(grants.get("chime"), undefined);
  assert.deepEqual(grants.list().map(({ manifest }) => manifest.id), ["weather"]);
});

Deno.test("a grant that can't be read is refused by name, never taken for another", () => {
  using panel = temporaryStore();
  const grants = storedGrants(panel.store);
  grants.put(granted("weather"));
  panel.store.exec(`UPDATE plugin_state SET value = json_set(value, '$.granted.release', 'lock')`);
  assert.throws(() => grants.list(), { code: "grant-damaged", message: /"weather"/ });
});
