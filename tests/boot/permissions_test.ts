import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { childOf, commandOf, PanelProcess, ROOT, supervisorCommand, Visitor } from "./panel_process.ts";

const PROBE = fileURLToPath(new URL("testing/probe.ts", import.meta.url));

/** Tries what the runtime must not be able to do, with the flags of the one that runs. */
async function probe(args: string[], data: string): Promise<Record<string, string>> {
  await using panel = new PanelProcess(args);
  const visitor = await Visitor.of(panel);
  const command = commandOf(childOf(panel.child.pid!, RUNTIME_FILE));
  const main = command.findIndex((word) => word.endsWith(RUNTIME_FILE));
  const { port } = new URL(visitor.origin);
  const { stdout, stderr } = spawnSync(
    command[0]!,
    [...command.slice(1, main), PROBE, data, join(ROOT, "main.ts"), port],
    { encoding: "utf8" },
  );
  panel.signalAll("SIGINT");
  assert.equal(await panel.end(), 0);
  assert.ok(stdout.startsWith("{"), stderr);
  return JSON.parse(stdout);
}

Deno.test(
  "the permissions of a runtime that runs let it at its data and its board and at nothing else",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    const done = await probe(["--port", "0", "--data", data], data);
    const allowed = Object.keys(done).filter((act) => done[act] === "done");
    assert.deepEqual(allowed, ["write to its data", "read its data", "reach its board"]);
    for (const [act, outcome] of Object.entries(done)) {
      assert.match(outcome, /^(done|hidden|NotCapable: |TypeError: .*--no-remote)/, act);
    }
    assert.equal(done["see the environment"], "hidden");
  }),
);

Deno.test(
  "a configuration elsewhere opens that file and none of its neighbours",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    const config = join(dir, "door.yaml");
    await Deno.writeTextFile(config, "name: Door\n");
    const done = await probe(["--port", "0", "--data", data, "--config", config], data);
    assert.match(done["list the directory above its data"]!, /^NotCapable/);
    assert.match(done["write beside its data"]!, /^NotCapable/);
  }),
);

Deno.test(
  "runtime and board are started without a permission that ends all others",
  inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    await Visitor.of(panel);
    for (const file of [RUNTIME_FILE, "drivers/sim/process.ts"]) {
      const command = commandOf(childOf(panel.child.pid!, file));
      const flags = command.slice(0, command.findIndex((word) => word.endsWith(file)));
      const granting = flags.filter((word) => /^(-[a-zA-Z]|--allow)/.test(word));
      assert.equal(granting.length, 3);
      for (const flag of granting) assert.match(flag, /^--allow-(read|write|net)=[^*]+$/, `${file}: ${flag}`);
      assert.ok(flags.includes("--no-prompt"));
    }
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test("deno task start gives the supervisor Deno and what fences plugins to start, and no network", () => {
  const flags = supervisorCommand().filter((word) => word.startsWith("--allow"));
  assert.deepEqual(flags, [
    "--allow-read",
    "--allow-write",
    "--allow-env",
    `--allow-run=${Deno.execPath()},/usr/bin/setpriv,/usr/bin/env,/usr/bin/systemctl`,
  ]);
});
