import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AccessPanel } from "../../core/testing/access_panel.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findScript } from "../../scripts/test_tools.ts";
import { HiddenTyping } from "../../scripts/passphrase.ts";
import { PASSPHRASE, run, runTask, taskCommand, type Typing } from "./commands.ts";

const hasScript = findScript() !== undefined;

async function panelIn(dir: string): Promise<string> {
  const data = join(dir, "data");
  mkdirSync(data);
  const panel = new AccessPanel(data);
  await panel.addCard();
  await panel.stop();
  return data;
}

Deno.test(
  "deno task backup and deno task restore say what they did, and what to mind",
  inTempDir(async (dir) => {
    const data = await panelIn(dir);
    writeFileSync(join(data, "panel.yaml"), "name: Garden door\n");
    const out = join(dir, "panel.age");
    const made = await runTask("backup", ["--data", data, "--out", out]);
    assert.deepEqual([made.code, made.error], [0, ""]);
    assert.match(made.out, /panel\.age holds the panel .* with \d+ rows/);
    assert.equal(statSync(out).mode & 0o777, 0o600);

    const target = join(dir, "restored");
    const back = await runTask("restore", ["--data", target, "--in", out]);
    assert.deepEqual([back.code, back.error], [0, ""]);
    assert.match(back.out, /is the panel "Garden door" as it was at \d{4}-/);
    assert.match(back.out, /has it again/);
    assert.equal((await runTask("verify-log", ["--data", target])).code, 0);

    const again = await runTask("restore", ["--data", target, "--in", out]);
    assert.equal(again.code, 2);
    assert.match(again.error, /not empty.*--replace/s);
    const replaced = await runTask("restore", ["--data", target, "--in", out, "--replace"]);
    assert.equal(replaced.code, 0);
    const aside = /is now (\S+)/.exec(replaced.out)?.[1] ?? "";
    assert.ok(existsSync(join(aside, "access.db")), replaced.out);
  }),
);

Deno.test(
  "a wrong passphrase, one that is too short, and none at all are refused in a sentence",
  inTempDir(async (dir) => {
    const data = await panelIn(dir);
    const out = join(dir, "panel.age");
    const backup = (env: Record<string, string>, ...args: string[]) =>
      runTask("backup", ["--data", data, "--out", out, ...args], env);
    const short = await backup({ LATCHKEY_PASSPHRASE: "hunter2" });
    assert.equal(short.code, 2);
    assert.match(short.error, /^Cannot take this passphrase\. It has 7 characters.*five words at random\n$/s);
    assert.ok(!short.error.includes("hunter2"));
    const none = await backup({});
    assert.equal(none.code, 2);
    assert.match(none.error, /no terminal.*--passphrase-file or LATCHKEY_PASSPHRASE/);
    assert.ok(!existsSync(out));

    writeFileSync(join(dir, "secret"), `${PASSPHRASE}\r\nsecond line\n`);
    chmodSync(join(dir, "secret"), 0o600);
    assert.equal((await backup({}, "--passphrase-file", join(dir, "secret"))).code, 0);
    const target = join(dir, "restored");
    const wrong = await runTask("restore", ["--data", target, "--in", out], {
      LATCHKEY_PASSPHRASE: "another passphrase",
    });
    assert.equal(wrong.code, 2);
    assert.match(wrong.error, /^This is not the passphrase/);
    assert.ok(!existsSync(target));
    assert.equal((await runTask("restore", ["--data", target, "--in", out])).code, 0);
  }),
);

Deno.test("no passphrase is taken from a command line, and none is a panel's setting", async () => {
  for (const task of ["backup", "restore"] as const) {
    const { code, error } = await runTask(task, ["--passphrase", PASSPHRASE], {});
    assert.equal(code, 2);
    assert.match(error, /Unknown option '--passphrase'/);
    assert.ok(taskCommand(task).every((word) => !/PANEL_PASS/.test(word)));
    assert.match((await runTask(task, ["--help"])).out, /Exit status/);
  }
});

Deno.test({
  name: "the prompt shows nothing of what is typed, and asks twice where a slip would be found out too late" +
    (hasScript ? "" : " (skipped: no script)"),
  ignore: !hasScript,
  fn: inTempDir(async (dir) => {
    const data = await panelIn(dir);
    const out = join(dir, "panel.age");
    const typed = (command: string[], typing: Typing) => {
      const line = command.map((word) => `'${word}'`).join(" ");
      return run(["script", "-qec", line, "/dev/null"], {}, typing);
    };
    const [first, again] = [/Passphrase: $/, /The same again: $/];
    const backup = [...taskCommand("backup"), "--data", data, "--out", out];
    const slip = await typed(backup, [[first, `${PASSPHRASE}\r`], [again, `${PASSPHRASE}!\r`]]);
    assert.deepEqual([slip.code, existsSync(out)], [2, false], slip.out);
    assert.match(slip.out, /not the same/);
    const made = await typed(backup, [[first, `oops\x15${PASSPHRASE}x\x7f\r`], [again, `${PASSPHRASE}\r`]]);
    assert.equal(made.code, 0, made.out);
    const restore = [...taskCommand("restore"), "--data", join(dir, "new"), "--in", out];
    assert.equal((await typed(restore, [[first, "\x03"]])).code, 2);
    const back = await typed(restore, [[first, `${PASSPHRASE}\r`]]);
    assert.equal(back.code, 0, back.out);
    for (const { out } of [slip, made, back]) {
      for (const word of ["otter", "oops"]) assert.ok(!out.includes(word), out);
    }
    assert.ok(existsSync(join(dir, "new", "access.db")));
  }),
});

Deno.test("what is typed is read letter by letter, whatever pieces it comes in", () => {
  const typing = new HiddenTyping();
  const bytes = [...Buffer.from("Tür 🚪x\x7f")];
  for (const byte of bytes) assert.deepEqual(typing.add(Uint8Array.of(byte)), []);
  assert.deepEqual(typing.add(Buffer.from("\ragain\rmo")), ["Tür 🚪", "again"]);
  assert.deepEqual(typing.add(Buffer.from("re\n")), ["more"]);
  assert.equal(new HiddenTyping().add(Buffer.from("a\x03")), null);
});

Deno.test(
  "a log that was not whole is told at the backup and at the restore",
  inTempDir(async (dir) => {
    const data = await panelIn(dir);
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(join(data, "access.db"));
    db.exec("UPDATE access_log SET outcome = 'x' WHERE seq = 1");
    db.close();
    const out = join(dir, "panel.age");
    const made = await runTask("backup", ["--data", data, "--out", out]);
    assert.equal(made.code, 1);
    assert.match(made.error, /NOT whole.*Row 1 is not as it was written/s);
    const back = await runTask("restore", ["--data", join(dir, "new"), "--in", out]);
    assert.equal(back.code, 0);
    assert.match(back.error, /not whole before the backup: Row 1/);
    assert.ok(readFileSync(out).length > 0);
  }),
);
