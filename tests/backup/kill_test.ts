import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { createBackup } from "../../core/backup/create.ts";
import { finishRestore } from "../../core/backup/unfinished.ts";
import { AccessPanel } from "../../core/testing/access_panel.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { ROOT } from "../boot/panel_process.ts";
import { chainFindings } from "../harness/chain.ts";
import { PASSPHRASE, taskCommand } from "./commands.ts";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
const CALLS = ["mkdir", "rename", "unlink", "fsync"] as const;
/** Of the many fsyncs one in so many, unless there is time. */
const FSYNC_STEP = process.env["LATCHKEY_LONG"] === "1" ? 1 : 8;

async function panelOf(dir: string, name: string): Promise<string> {
  const data = join(dir, name);
  mkdirSync(data);
  const panel = new AccessPanel(data);
  await panel.addCard({}, "04A1B2C3", name);
  await panel.stop();
  return data;
}

function holderIn(data: string): unknown {
  const db = new DatabaseSync(join(data, "access.db"), { readOnly: true });
  try {
    return db.prepare("SELECT name FROM holders").get()?.["name"];
  } finally {
    db.close();
  }
}

/** A restore under strace, killed at the n-th call of a kind. */
function restoreUnder(log: string, args: string[], death: string[] = []): { done: boolean; calls: string[] } {
  const { stdout } = spawnSync(
    "strace",
    ["-f", "-qq", "-o", log, "-e", `trace=${CALLS.join(",")}`, ...death, ...taskCommand("restore"), ...args],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, LATCHKEY_PASSPHRASE: PASSPHRASE, NO_COLOR: "1" } },
  );
  const calls = readFileSync(log, "utf8").split("\n").flatMap((line) =>
    /^\d+ +(\w+)\(/.exec(line)?.[1] ?? []
  );
  return { done: stdout.includes("is the panel"), calls };
}

Deno.test({
  name: "a restore killed at any of its steps leaves the old panel or the new one" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: inTempDir(async (dir) => {
    const [backup, aim] = [join(dir, "new.age"), join(dir, "aim")];
    await createBackup({
      dataDir: await panelOf(dir, "new"),
      out: backup,
      config: undefined,
      name: "New",
      version: "1.2.3",
      now: Date.now(),
      gently: false,
      passphrase: PASSPHRASE,
    });
    const old = await panelOf(dir, "old");
    const data = join(aim, "data");
    const begin = () => {
      rmSync(aim, { recursive: true, force: true });
      mkdirSync(aim);
      cpSync(old, data, { recursive: true });
    };
    const args = ["--data", data, "--in", backup, "--replace"];
    const log = join(dir, "strace");
    begin();
    const { done, calls } = restoreUnder(log, args);
    assert.ok(done);
    assert.equal(holderIn(data), "new");

    const left = new Set<string>();
    let gaps = 0;
    for (const call of CALLS) {
      const total = calls.filter((name) => name === call).length;
      assert.ok(total > 0, call);
      for (let when = 1; when <= total; when += call === "fsync" ? FSYNC_STEP : 1) {
        begin();
        const { done } = restoreUnder(log, args, ["-e", `inject=${call}:signal=SIGKILL:when=${when}`]);
        if (done) continue;
        if (!existsSync(data)) gaps++;
        await finishRestore(data);
        const holder = String(holderIn(data));
        assert.ok(holder === "old" || holder === "new", `${call} ${when}: ${holder}`);
        assert.deepEqual(chainFindings(data), [], `${call} ${when}`);
        const panel = new AccessPanel(data);
        assert.equal((await panel.credentials.list()).length, 1, `${call} ${when}`);
        await panel.stop();
        left.add(holder);
        if (holder === "new") assert.ok(readdirSync(aim).some((name) => name.startsWith("data.before-")));
      }
    }
    assert.deepEqual([...left].sort(), ["new", "old"]);
    assert.ok(gaps > 0, "some kill came when the old one had left and the new one was not in its place");
    begin();
    restoreUnder(log, args, ["-e", "inject=rename:signal=SIGKILL:when=1"]);
    assert.ok(restoreUnder(log, args).done, "the next restore must not stumble over what was left");
  }),
});
