import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { inTempDir } from "../core/testing/temp_dir.ts";
import { buildRuntime } from "./build_runtime.ts";

/** esbuild's `stop` ends its process without waiting for the end. */
const unwatched = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "the bundled runtime runs without the packages and the sources",
  unwatched,
  inTempDir(async (dir) => {
    const out = join(dir, "dist");
    assert.equal((await buildRuntime(out)).built, true);
    assert.equal((await buildRuntime(out)).built, false);
    const flags = ["--quiet", "--no-prompt", "--no-config", "--no-npm", "--no-remote"];
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["run", ...flags, join(out, "main.js"), "--supervised", "--help"],
      { encoding: "utf8", cwd: dir },
    );
    assert.match(stdout, /--data/, stderr);
    const maps = readdirSync(out).filter((name) => name.endsWith(".map"));
    const sources = maps.flatMap((name) => JSON.parse(readFileSync(join(out, name), "utf8")).sources);
    const locales = sources.filter((path: string) => /zod\/v4\/locales\/\w/.test(path));
    assert.deepEqual([...new Set(locales.map((path: string) => path.split("/").at(-1)))].sort(), [
      "en.js",
      "index.js",
    ]);
  }),
);
