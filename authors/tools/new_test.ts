import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { readManifest } from "../manifest.ts";
import { IMPORT_MAP, importMap } from "./import_map.ts";
import { linkFolder } from "./link.ts";
import { newPlugin } from "./new.ts";
import { runDeno } from "./tool.ts";

/** The shortest and the longest. */
const NAMES = ["x", "a-plugin-that-has-the-longest-of-all-name"];

Deno.test(
  "plugin:new writes a folder of the plugin's own name, formatted and without what a linter minds",
  inTempDir(async (dir) => {
    for (const name of NAMES) {
      const folder = await newPlugin(name.slice(0, 40), join(dir, "some", "where"));
      const { id, title, wants } = readManifest(folder);
      assert.equal(id, name.slice(0, 40));
      assert.doesNotMatch(title, /My plugin/);
      assert.deepEqual(wants.events, ["call.changed"]);
      for (const args of [["fmt", "--check"], ["lint"]]) {
        const { ok, text } = await runDeno(folder, args);
        assert.ok(ok, text);
      }
      for (const file of readdirSync(folder)) {
        assert.doesNotMatch(readFileSync(join(folder, file), "utf8"), /my-plugin|My plugin/, file);
      }
    }
  }),
);

Deno.test(
  "plugin:new refuses what can't be a plugin's name, and a folder that is there, and touches neither",
  inTempDir(async (dir) => {
    const refused = {
      "My Plugin": /lower case letters, digits and dashes/,
      "../elsewhere": /lower case letters/,
      "9lives": /a letter first/,
      access: /word of the panel's own.*my-access/,
      lock: /of its own.*my-lock/,
    };
    for (const [name, message] of Object.entries(refused)) {
      await assert.rejects(newPlugin(name, dir), { message });
    }
    mkdirSync(join(dir, "mine"));
    await assert.rejects(newPlugin("mine", dir), { message: /There is something at ".*mine" already/ });
    assert.deepEqual(readdirSync(dir, { recursive: true }), ["mine"]);
  }),
);

Deno.test(
  "a plugin's deno.json is pointed to this project again, and keeps what else it says",
  inTempDir((dir) => {
    const file = join(dir, "deno.json");
    writeFileSync(file, JSON.stringify({ importMap: "../gone/import_map.json", lint: { rules: {} } }));
    linkFolder(dir);
    const { importMap, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    assert.ok(existsSync(join(dir, importMap)), importMap);
    assert.deepEqual(rest, { lint: { rules: {} } });
    writeFileSync(file, "{");
    assert.throws(() => linkFolder(dir), { message: /is no JSON/ });
  }),
);

Deno.test("authors/import_map.json names the packages of package.json", () => {
  assert.equal(
    readFileSync(IMPORT_MAP, "utf8"),
    importMap(),
    "write it anew: deno run -A authors/tools/import_map.ts",
  );
});
