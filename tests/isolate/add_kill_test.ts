import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { storedGrants } from "../../core/isolate/grants.ts";
import { pluginFolders } from "../../core/isolate/install/folders.ts";
import { Staging } from "../../core/isolate/install/staging.ts";
import { digestOfSums, packageSums } from "../../core/isolate/package_sums.ts";
import { packageJson } from "../../core/isolate/testing/packages.ts";
import { systemRandom } from "../../core/random.ts";
import { openStore } from "../../core/store/database.ts";
import { databasePath, pluginsDir } from "../../core/store/paths.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { taskCommand } from "../backup/commands.ts";
import { ROOT } from "../boot/panel_process.ts";
import { install } from "./installed.ts";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
const CALLS = ["mkdir", "rename", "unlink", "rmdir", "fsync"] as const;
/** Of the many calls of a kind one in so many, unless there is time. */
const STEP = process.env["LATCHKEY_LONG"] === "1" ? 1 : 4;

function author(dir: string, version: string): string {
  const folder = join(dir, version);
  mkdirSync(join(folder, "lib"), { recursive: true });
  writeFileSync(join(folder, "package.json"), packageJson("chime", { version }));
  for (const path of ["mod.ts", "lib/a.ts"]) writeFileSync(join(folder, path), `// ${version}`);
  return folder;
}

function addUnder(data: string, folder: string, inject: string[] = []) {
  const log = `${data}.strace`;
  const strace = ["-f", "-qq", "-o", log, "-e", `trace=${CALLS.join(",")},write`, ...inject];
  const { stdout, stderr } = spawnSync(
    "strace",
    [...strace, ...taskCommand("plugin:add"), folder, "--yes", "--data", data],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  const lines = readFileSync(log, "utf8").split("\n");
  const calls = lines.flatMap((line) => /^\d+ +(\w+)\(/.exec(line)?.[1] ?? []);
  return { done: stdout.includes("is let in"), said: stdout + stderr, calls, lines };
}

/** The version that runs after the panel's next start; its files are those that were let in, and nothing else is left. */
function settled(data: string): string {
  const plugins = pluginsDir(data);
  const store = openStore(databasePath(data));
  try {
    const grants = storedGrants(store).list().plugins;
    pluginFolders(plugins, systemRandom).settle(grants, []);
    const [grant] = grants;
    assert.equal(digestOfSums(packageSums(join(plugins, "chime"))), grant!.digest);
    const staging = new Staging({ plugins, now: () => 0, random: systemRandom });
    // One that was not let in yet may wait.
    for (const { digest } of staging.list()) staging.drop(digest);
    const left = readdirSync(plugins, { recursive: true }).map(String)
      .filter((name) => !/^(chime(\/|$)|\.incoming(\/panel\.lock.*)?$)/.test(name));
    assert.deepEqual(left, []);
    return grant!.manifest.version;
  } finally {
    store.close();
  }
}

Deno.test({
  name: "an update killed at any of its steps leaves the old plugin or the new one, whole, and nothing else" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: inTempDir((dir) => {
    const data = join(dir, "data");
    const [old, next] = [author(dir, "1.0.0"), author(dir, "2.0.0")];
    const begin = () => {
      rmSync(data, { recursive: true, force: true });
      install(data);
      assert.ok(addUnder(data, old).done);
    };
    begin();
    const { done, calls } = addUnder(data, next);
    assert.ok(done);
    assert.equal(settled(data), "2.0.0");
    const seen = new Set<string>();
    let half = 0;
    for (const call of CALLS) {
      const total = calls.filter((name) => name === call).length;
      if (call !== "rmdir" && call !== "unlink") assert.ok(total > 0, call);
      for (let when = 1; when <= total; when += call === "rename" ? 1 : STEP) {
        begin();
        const { done } = addUnder(data, next, ["-e", `inject=${call}:signal=SIGKILL:when=${when}`]);
        if (done) continue;
        if (!existsSync(join(pluginsDir(data), "chime"))) half++;
        seen.add(settled(data));
      }
    }
    assert.deepEqual([...seen].sort(), ["1.0.0", "2.0.0"]);
    assert.ok(half > 0, "some kill came when the old folder had left and the new one was not in its place");
  }),
});

Deno.test({
  name: "on a full disk a plugin is not taken in, what is installed stays, and it is said why" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: inTempDir((dir) => {
    const data = join(dir, "data");
    install(data);
    const { done: isThere, lines } = addUnder(data, author(dir, "1.0.0"));
    assert.ok(isThere);
    // The first that is of a package's file.
    const first = lines.slice(0, lines.findIndex((line) => line.includes(".part-")))
      .filter((line) => / fsync\(/.test(line)).length + 1;
    const full = ["-e", `inject=fsync:error=ENOSPC:when=${first}+`];
    const { done, said } = addUnder(data, author(dir, "2.0.0"), full);
    assert.equal(done, false);
    assert.match(said, /The package can't be taken in: the disk is full/);
    assert.equal(settled(data), "1.0.0");
  }),
});
