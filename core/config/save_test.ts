import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { savePluginSettings } from "./save.ts";

const OLD =
  "# The front door\nport: 8081 # not 8080\nplugins:\n  strike:\n    # as the maker says\n    pulseMs: 700\n";
const hasStrace = spawnSync("strace", ["-V"]).status === 0;

function inDirectory(test: (directory: string, path: string) => void) {
  const directory = Deno.makeTempDirSync();
  try {
    test(directory, `${directory}/panel.yaml`);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const names = (directory: string) => [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();

Deno.test("a save changes what it is told and leaves comments and the rest alone", () =>
  inDirectory((directory, path) => {
    Deno.writeTextFileSync(path, OLD, { mode: 0o640 });
    savePluginSettings(path, "strike", { pulseMs: 900, quiet: true });
    assert.equal(
      Deno.readTextFileSync(path),
      OLD.replace("700", "900") + "    quiet: true\n",
    );
    savePluginSettings(path, "lamp", { windows: [{ from: "18:00" }] });
    savePluginSettings(path, "strike", { quiet: true });
    assert.deepEqual(parse(Deno.readTextFileSync(path)), {
      port: 8081,
      plugins: { strike: { quiet: true }, lamp: { windows: [{ from: "18:00" }] } },
    });
    assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o640);
    assert.deepEqual(names(directory), ["panel.yaml"]);
  }));

Deno.test("a file that is not there is made, for its owner only; a plugin left out comes back", () =>
  inDirectory((_, path) => {
    savePluginSettings(path, "strike", { pulseMs: 900 });
    assert.deepEqual(parse(Deno.readTextFileSync(path)), { plugins: { strike: { pulseMs: 900 } } });
    assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    Deno.writeTextFileSync(path, "plugins:\n  strike: false\n");
    savePluginSettings(path, "strike", { pulseMs: 900 });
    assert.deepEqual(parse(Deno.readTextFileSync(path)), { plugins: { strike: { pulseMs: 900 } } });
    Deno.writeTextFileSync(path, "plugins:\n");
    savePluginSettings(path, "strike", {});
    assert.deepEqual(parse(Deno.readTextFileSync(path)), { plugins: { strike: {} } });
  }));

Deno.test("a file that holds no YAML is not overwritten", () =>
  inDirectory((_, path) => {
    Deno.writeTextFileSync(path, "port: [");
    assert.throws(() => savePluginSettings(path, "strike", {}), { code: "config-invalid" });
    assert.equal(Deno.readTextFileSync(path), "port: [");
  }));

Deno.test("a save that can't be made leaves the old file and says so", () =>
  inDirectory((directory, path) => {
    Deno.writeTextFileSync(path, OLD);
    Deno.mkdirSync(`${path}.new/in-the-way`, { recursive: true });
    assert.throws(() => savePluginSettings(path, "strike", { pulseMs: 900 }), {
      code: "config-not-saved",
      status: 500,
    });
    assert.equal(Deno.readTextFileSync(path), OLD);
    Deno.removeSync(`${path}.new`, { recursive: true });
    // A path below a file: no mode bits needed, so that it fails for root too.
    assert.throws(() => savePluginSettings(`${path}/panel.yaml`, "strike", {}), { code: "config-not-saved" });
    assert.deepEqual(names(directory), ["panel.yaml"]);
  }));

/** One save in a child under strace, which sees only calls on the configuration, its neighbour and its directory. */
function straced(directory: string, path: string, inject: string[] = []) {
  const log = `${directory}/../${directory.split("/").at(-1)}.strace`;
  const script = fileURLToPath(new URL("testing/save_once.ts", import.meta.url));
  const flags = [
    "--no-prompt",
    `--allow-read=${directory}`,
    `--allow-write=${directory}`,
    "--allow-env=LOG_TOKENS,LOG_STREAM",
  ];
  const watch = [directory, path, `${path}.new`].flatMap((file) => ["-P", file]);
  const { stdout } = spawnSync("strace", [
    ...["-f", "-qq", "-o", log, ...watch, ...inject],
    ...[process.execPath, "run", ...flags, script, path],
  ], { encoding: "utf8" });
  const calls = Deno.readTextFileSync(log).split("\n")
    .map((line) => /^\d+ +([a-z0-9_]+)\(/.exec(line)?.[1]).filter((call) => call !== undefined);
  Deno.removeSync(log);
  return { said: stdout.trim(), calls };
}

Deno.test({
  name: "I-21: a save killed at each of its system calls leaves a file that parses, old or new" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: () =>
    inDirectory((directory, path) => {
      const start = () => {
        for (const name of names(directory)) Deno.removeSync(`${directory}/${name}`);
        Deno.writeTextFileSync(path, OLD);
      };
      const wanted = OLD.replace("700", "900");
      start();
      const { said, calls } = straced(directory, path);
      assert.equal(said, "saved");
      assert.equal(Deno.readTextFileSync(path), wanted);
      for (const needed of ["openat", "write", "fsync", "rename"]) assert.ok(calls.includes(needed), needed);

      const seen = new Set<string>();
      const count = new Map<string, number>();
      for (const call of calls) {
        const when = (count.get(call) ?? 0) + 1;
        count.set(call, when);
        start();
        const killed = straced(directory, path, ["-e", `inject=${call}:signal=SIGKILL:when=${when}`]);
        assert.equal(killed.said, "", `killed at ${call} ${when}, it must not get to its end`);
        const text = Deno.readTextFileSync(path);
        assert.ok(text === OLD || text === wanted, `after ${call} ${when}: ${text}`);
        parse(text);
        seen.add(text);
        savePluginSettings(path, "strike", { pulseMs: 900 });
        assert.equal(
          Deno.readTextFileSync(path),
          wanted,
          "the next save must not stumble over what was left",
        );
      }
      assert.equal(seen.size, 2, "some kills must come before the rename and some after");
    }),
});

Deno.test({
  name: "a full disk, a read-only disk: a save says so and the old file is intact" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: () =>
    inDirectory((directory, path) => {
      Deno.writeTextFileSync(path, OLD);
      for (
        const [call, error, code] of [
          ["write", "ENOSPC", "disk-full"],
          ["fsync", "ENOSPC", "disk-full"],
          ["rename", "EROFS", "config-read-only"],
          ["fsync", "EIO", "config-not-saved"],
        ]
      ) {
        const { said } = straced(directory, path, ["-e", `inject=${call}:error=${error}:when=1`]);
        assert.equal(said, code);
        assert.equal(Deno.readTextFileSync(path), OLD);
        assert.deepEqual(names(directory), ["panel.yaml"]);
      }
    }),
});
