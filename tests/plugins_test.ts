import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configLeaves } from "../core/config/leaves.ts";
import { builtInPlugins, simulatorPlugins } from "../plugins/mod.ts";

const FOLDER = fileURLToPath(new URL("../plugins", import.meta.url));
const ALL = [...builtInPlugins, ...simulatorPlugins];

Deno.test("every plugin in plugins/ is among the built-in ones, under the name of its folder", () => {
  const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "mod.ts")));
  assert.deepEqual(ALL.map(({ id }) => id).toSorted(), folders.toSorted());
});

Deno.test("the simulator is not among the plugins of every panel", () => {
  assert.deepEqual(simulatorPlugins.map(({ id }) => id), ["simulator"]);
  assert.ok(!builtInPlugins.some(({ id }) => id === "simulator"));
});

for (const { id } of ALL) {
  Deno.test(`plugin ${id} has the test of its life cycle`, () => {
    assert.match(readFileSync(join(FOLDER, id, "mod_test.ts"), "utf8"), /\bawait checkLifecycle\(/);
  });

  Deno.test(`plugin ${id} has a page that names each of its settings with its default`, () => {
    const page = readFileSync(join(FOLDER, id, "README.md"), "utf8");
    const own = configLeaves(ALL).filter(({ path }) => path[1] === id && path.length === 3);
    for (const { path, schema } of own) {
      const row = page.split("\n").find((line) => line.startsWith("|") && line.includes(`\`${path[2]}\``));
      assert.ok(row, `${path[2]} is missing`);
      if (["string", "number", "boolean"].includes(typeof schema.default)) {
        assert.ok(row.includes(`\`${schema.default}\``), `${path[2]}: ${row}`);
      }
    }
  });
}
