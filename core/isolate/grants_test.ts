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
  assert.deepEqual(grants.list(), { plugins: [], damaged: [] });
  grants.put(granted("weather"));
  grants.put(granted("chime"));
  grants.put(granted("weather", { off: OFF }));
  assert.deepEqual(grants.list().plugins, [granted("chime"), granted("weather", { off: OFF })]);
  assert.deepEqual(grants.get("chime"), granted("chime"));
  grants.remove("chime");
  assert.equal(grants.get("chime"), undefined);
  assert.deepEqual(grants.list().plugins.map(({ manifest }) => manifest.id), ["weather"]);
});

const DAMAGE: [what: string, sql: string, reason: RegExp][] = [
  ["names what may not be granted", "json_set(value, '$.granted.release', 'lock')", /\(granted\.release: /],
  [
    "has a word of the panel's own for an id",
    "json_set(value, '$.manifest.id', 'access')",
    /\(manifest\.id: /,
  ],
  ["is another's", "json_set(value, '$.manifest.id', 'wether')", /\(it is of "wether"\)/],
  ["is no JSON", "substr(value, 2)", /\(no JSON\)/],
];

for (const [what, sql, reason] of DAMAGE) {
  Deno.test(`a grant that ${what} is refused by name, never taken for another, and hides none of the others`, () => {
    using panel = temporaryStore();
    const grants = storedGrants(panel.store);
    for (const id of ["chime", "weather"]) grants.put(granted(id));
    panel.store.exec(`UPDATE plugin_state SET value = ${sql} WHERE key = 'weather'`);
    const { plugins, damaged: [damaged, ...others] } = grants.list();
    assert.deepEqual([plugins, damaged?.id, others], [[granted("chime")], "weather", []]);
    assert.match(damaged!.reason, reason);
    assert.match(damaged!.reason, /"weather" can't be read .*; remove the plugin and add it again$/);
    assert.throws(() => grants.get("weather"), { code: "grant-damaged", message: damaged!.reason });
    grants.put(granted("weather"));
    assert.deepEqual(grants.list(), { plugins: [granted("chime"), granted("weather")], damaged: [] });
  });
}
