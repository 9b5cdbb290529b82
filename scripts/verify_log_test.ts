import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { AccessPanel, OWNER } from "../core/testing/access_panel.ts";
import { inTempDir } from "../core/testing/temp_dir.ts";

const script = fileURLToPath(new URL("./verify_log.ts", import.meta.url));

async function run(dir: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", `--allow-read=${dir}`, "--allow-env=PANEL_DATA", script, ...args],
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, error: error! };
}

Deno.test(
  "I-3: verify-log checks a running panel's log with the right to read and nothing else",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    await panel.access.release(panel.request(OWNER));
    await panel.clock.advance(250);
    const { code, out, error } = await run(dir, "--data", dir);
    assert.deepEqual([code, error], [0, ""]);
    assert.match(out, /whole: 1 row, every seal is right/);
    await panel.stop();
    assert.equal((await run(dir, "--data", dir)).code, 0, "after the panel has stopped");
  }),
);

Deno.test(
  "I-3: verify-log names the first wrong row and exits 1",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    for (let n = 0; n < 3; n++) await panel.access.release(panel.request(OWNER));
    await panel.stop();
    const db = new DatabaseSync(join(dir, "access.db"));
    db.exec("UPDATE access_log SET outcome = 'denied' WHERE seq = 2");
    db.close();
    const { code, out } = await run(dir, "--data", dir);
    assert.equal(code, 1);
    assert.match(out, /NOT whole\. In order: 1 row\./);
    assert.match(out, /Row 2 is not as it was written/);
  }),
);

Deno.test(
  "verify-log exits 2 and says why where there is nothing to check, no key, or a wrong option",
  inTempDir(async (dir) => {
    const nothing = await run(dir, "--data", dir);
    assert.equal(nothing.code, 2);
    assert.match(nothing.error, /no database ".*access\.db"/);
    await new AccessPanel(dir).stop();
    rmSync(join(dir, "keys"), { recursive: true });
    const keyless = await run(dir, "--data", dir);
    assert.equal(keyless.code, 2);
    assert.match(keyless.error, /log\.key/);
    assert.equal((await run(dir, "--date", dir)).code, 2);
    assert.match((await run(dir, "--help")).out, /Exit status/);
  }),
);
