import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readManifest } from "../../core/backup/manifest.ts";
import { AccessPanel } from "../../core/testing/access_panel.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findAge, findScript } from "../../scripts/test_tools.ts";
import { PASSPHRASE, run, runTask } from "./commands.ts";

const hasTools = findAge() !== undefined && findScript() !== undefined;
const skipped = hasTools ? "" : " (skipped: no age, or no script)";

Deno.test({
  name: "a backup is opened without this program: age and tar give back every file, as the manifest says" +
    skipped,
  ignore: !hasTools,
  fn: inTempDir(async (dir) => {
    const data = join(dir, "data");
    mkdirSync(data);
    const panel = new AccessPanel(data);
    await panel.addCard({}, "04A1B2C3", "Anna");
    const made = await runTask("backup", ["--data", data, "--out", join(dir, "panel.age")]);
    assert.equal(made.code, 0, made.error);
    await panel.stop();

    // age asks for a passphrase at a terminal only.
    const line = `age -d -o '${dir}/panel.tar' '${dir}/panel.age'`;
    const opened = await run(["script", "-qec", line, "/dev/null"], {}, [[
      /passphrase:.*$/i,
      `${PASSPHRASE}\r`,
    ]]);
    assert.equal(opened.code, 0, opened.out);
    const listed = await run(["tar", "tf", join(dir, "panel.tar")]);
    assert.deepEqual([listed.code, listed.error], [0, ""]);
    assert.deepEqual(listed.out.trim().split("\n"), [
      "manifest.json",
      "access.db",
      "access.head",
      "keys/card.key",
      "keys/log.key",
    ]);

    const out = join(dir, "out");
    mkdirSync(out);
    assert.equal((await run(["tar", "xf", join(dir, "panel.tar"), "-C", out])).code, 0);
    const manifest = readManifest(readFileSync(join(out, "manifest.json"), "utf8"), 1_000);
    for (const { name, size, sha256 } of manifest.files) {
      const bytes = readFileSync(join(out, name));
      assert.deepEqual(
        [bytes.length, createHash("sha256").update(bytes).digest("hex")],
        [size, sha256],
        name,
      );
    }
    const db = new DatabaseSync(join(out, "access.db"), { readOnly: true });
    assert.equal(db.prepare("SELECT name FROM holders").get()?.["name"], "Anna");
    db.close();
    assert.deepEqual(readFileSync(join(out, "keys", "log.key")), readFileSync(join(data, "keys", "log.key")));
  }),
});

Deno.test({
  name: "a backup that was opened and locked again with age is restored" + skipped,
  ignore: !hasTools,
  fn: inTempDir(async (dir) => {
    const data = join(dir, "data");
    mkdirSync(data);
    await new AccessPanel(data).stop();
    await runTask("backup", ["--data", data, "--out", join(dir, "panel.age")]);
    const both =
      `age -d '${dir}/panel.age' > '${dir}/panel.tar' && age -p -o '${dir}/again.age' '${dir}/panel.tar'`;
    const other = "another passphrase of theirs";
    const locked = await run(["script", "-qec", `sh -c "${both}"`, "/dev/null"], {}, [
      [/passphrase:.*$/i, `${PASSPHRASE}\r`],
      [/passphrase.*:.*$/i, `${other}\r`],
      [/passphrase:.*$/i, `${other}\r`],
    ]);
    assert.equal(locked.code, 0, locked.out);
    const back = await runTask("restore", ["--data", join(dir, "new"), "--in", join(dir, "again.age")], {
      LATCHKEY_PASSPHRASE: other,
    });
    assert.deepEqual([back.code, back.error], [0, ""]);
    assert.ok(Buffer.from(readFileSync(join(dir, "again.age"))).includes("scrypt"));
  }),
});
