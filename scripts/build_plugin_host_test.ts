import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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

    const scripts = first.files.filter((name) => name.endsWith(".js")).map((name) => join(out, name));
    for (const script of scripts) {
      const { stdout } = new Deno.Command(Deno.execPath(), {
        args: ["info", "--json", "--no-config", script],
      })
        .outputSync();
      const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
        modules: { specifier: string }[];
      };
      const own = scripts.map((path) => pathToFileURL(path).href);
      const foreign = modules.filter(({ specifier }) =>
        !specifier.startsWith("node:") && !own.includes(specifier)
      );
      assert.deepEqual(foreign, [], script);
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
