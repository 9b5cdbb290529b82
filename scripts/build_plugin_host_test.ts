import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../core/testing/temp_dir.ts";
import { buildPluginHost } from "./build_plugin_host.ts";

/** esbuild's `stop` ends its process without waiting for the end. */
const unwatched = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "what plugins run on is built once, again where a file is missing, and imports nothing from elsewhere",
  unwatched,
  inTempDir(async (out) => {
    const first = await buildPluginHost(out);
    assert.equal(first.built, true);
    for (const name of ["child.js", "latchkey.js", "zod.js", "imports.json"]) {
      assert.ok(first.files.includes(name));
    }
    assert.deepEqual(await buildPluginHost(out), { built: false, files: first.files });
    rmSync(join(out, "zod.js"));
    assert.equal((await buildPluginHost(out)).built, true);

    for (const name of first.files.filter((name) => name.endsWith(".js"))) {
      const text = readFileSync(join(out, name), "utf8");
      const imported = [...text.matchAll(/\bfrom\s*"([^"$]+)"|\bimport\s*"([^"$]+)"/g)].map((found) =>
        found[1] ?? found[2]!
      );
      const foreign = imported.filter((path) =>
        !path.startsWith("node:") && !first.files.includes(path.slice(2))
      );
      assert.deepEqual(foreign, [], name);
    }
  }),
);

Deno.test(
  "a plugin gets the whole published surface, and one zod that both it and the surface use",
  unwatched,
  inTempDir(async (out) => {
    await buildPluginHost(out);
    const load = (name: string) => import(`file://${join(out, name)}`);
    const [surface, { z }, source] = await Promise.all([
      load("latchkey.js"),
      load("zod.js"),
      import("../core/mod.ts"),
    ]);
    assert.deepEqual(Object.keys(surface).toSorted(), Object.keys(source).toSorted());
    assert.ok(surface.idSchema instanceof z.ZodType);
    assert.equal(
      surface.definePlugin({ id: "calm", api: 1, setup() {} }).config instanceof z.ZodObject,
      true,
    );
  }),
);
