import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { ROOT } from "../boot/panel_process.ts";

const NPX = "npx -y deno@2.9.6";
const DEFAULT_DIR = "my-plugins/my-plugin";

/** The guide's commands, in its order. */
function commandsInGuide(): string[] {
  const guide = readFileSync(join(ROOT, "docs", "plugins", "README.md"), "utf8");
  return [...guide.matchAll(/^```sh\n(.*)\n```$/gm)].map(([, command = ""]) => command);
}

/** Runs a command of the guide as somebody does who stands in `cwd`. */
async function run(cwd: string, command: string): Promise<string> {
  assert.ok(command.startsWith(NPX), command);
  const [, ...args] = command.slice(NPX.length).split(" ");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { INIT_CWD: cwd, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(success, `${command}\n${text}\n${new TextDecoder().decode(stderr)}`);
  return text;
}

Deno.test(
  "an author's first ten minutes: what the guide says makes a plugin that is ready, and a package of it",
  inTempDir(async (dir) => {
    const [make = "", dev = "", check = "", pack = "", ...more] = commandsInGuide();
    assert.deepEqual(
      [make, dev, check, pack, more],
      [
        `${NPX} task plugin:new my-plugin`,
        `${NPX} task plugin:dev ${DEFAULT_DIR}`,
        `${NPX} task plugin:check ${DEFAULT_DIR}`,
        `${NPX} task plugin:pack ${DEFAULT_DIR}`,
        [],
      ],
    );
    const begun = performance.now();
    const made = await run(dir, `${make} --dir .`);
    assert.match(made, /^Made my-plugin$/m);
    // What `plugin:pack` does first is what `plugin:check` does.
    const packed = await run(dir, pack.replace(DEFAULT_DIR, "my-plugin"));
    const minutes = (performance.now() - begun) / 60_000;
    assert.doesNotMatch(packed, /^FAILED/m);
    for (
      const line of [
        "ok      It type-checks",
        "ok      Its own tests pass",
        "        4 passed | 0 failed",
        "Ready",
        "Made my-plugin-0.1.0.tgz",
        "  Hears who rings, and what becomes of it",
      ]
    ) assert.ok(packed.includes(`${line}\n`), `${line}\n\n${packed}`);
    assert.deepEqual(readdirSync(dir).sort(), ["my-plugin", "my-plugin-0.1.0.tgz"]);
    assert.ok(minutes < 10, `${minutes.toFixed(1)} minutes`);
    console.log(`new, check and pack took ${(minutes * 60).toFixed(1)} s`);
  }),
);
