import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { lockData } from "../store/data_lock.ts";
import { migrations } from "../store/migrations.ts";
import { databasePath } from "../store/paths.ts";
import { AccessPanel } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { encrypted } from "./age.ts";
import { packed } from "./archive.ts";
import { configText } from "./config_text.ts";
import { digestOf, writeFileOf } from "./files.ts";
import { backUp, listing, PASSPHRASE, restore } from "./testing/backups.ts";
import { finishRestore } from "./unfinished.ts";

/** A data directory whose only holder is called as the directory. */
async function panelOf(dir: string, name: string): Promise<string> {
  const data = join(dir, name);
  mkdirSync(data);
  const panel = new AccessPanel(data);
  await panel.addCard({}, "04A1B2C3", name);
  await panel.stop();
  return data;
}

function holderIn(data: string): unknown {
  const db = new DatabaseSync(databasePath(data), { readOnly: true });
  try {
    return db.prepare("SELECT name FROM holders").get()?.["name"];
  } finally {
    db.close();
  }
}

Deno.test(
  "a data directory that is in use is left alone, and moved aside where that is asked for",
  inTempDir(async (dir) => {
    const out = join(dir, "new.age");
    await backUp(await panelOf(dir, "new"), out);
    const data = await panelOf(dir, "old");
    const before = listing(data);
    await assert.rejects(restore(out, data), { code: "data-taken", message: /not empty.*--replace/ });
    assert.deepEqual(listing(data), before);

    const unlock = lockData(data);
    await assert.rejects(restore(out, data, { replace: true }), {
      code: "data-busy",
      message: /stop it first/,
    });
    unlock();
    assert.equal(holderIn(data), "old");

    const { aside } = await restore(out, data, { replace: true });
    assert.equal(aside, `${data}.before-20260601T120000Z`);
    assert.deepEqual([holderIn(data), holderIn(aside!)], ["new", "old"]);
    const again = await restore(out, data, { replace: true });
    assert.equal(again.aside, `${data}.before-20260601T120000Z-2`);
    assert.deepEqual([...Deno.readDirSync(dir)].filter(({ name }) => /restor/.test(name)), []);
  }),
);

Deno.test(
  "an empty directory is taken, also by a link to it; a file is not",
  inTempDir(async (dir) => {
    const out = join(dir, "new.age");
    await backUp(await panelOf(dir, "new"), out);
    mkdirSync(join(dir, "empty"));
    Deno.symlinkSync(join(dir, "empty"), join(dir, "link"));
    await restore(out, join(dir, "link"));
    assert.equal(holderIn(join(dir, "empty")), "new");
    assert.ok(Deno.lstatSync(join(dir, "link")).isSymlink);
    await assert.rejects(restore(out, out), { code: "data-taken" });
    await assert.rejects(restore(join(dir, "no.age"), join(dir, "x")), { code: "backup-missing" });
    await assert.rejects(restore(dir, join(dir, "x")), { code: "backup-missing" });
  }),
);

Deno.test(
  "what can't be restored leaves nothing behind, not even in clear beside it",
  inTempDir(async (dir) => {
    const out = join(dir, "new.age");
    await backUp(await panelOf(dir, "new"), out);
    const bytes = readFileSync(out);
    const attempt = async (content: Uint8Array, code: string, passphrase = PASSPHRASE) => {
      writeFileSync(join(dir, "bad.age"), content);
      const target = join(dir, "target");
      await assert.rejects(restore(join(dir, "bad.age"), target, { passphrase }), { code });
      assert.deepEqual([existsSync(target), existsSync(`${target}.restoring`)], [false, false], code);
    };
    const cut = (end: number) => bytes.subarray(0, end);
    await attempt(bytes, "passphrase-wrong", `${PASSPHRASE}!`);
    await attempt(cut(bytes.length - 1), "backup-damaged");
    await attempt(cut(bytes.length / 2), "backup-damaged");
    await attempt(cut(40), "backup-damaged");
    // Between two of the pieces that age cuts its content into.
    const header = bytes.indexOf("\n", bytes.indexOf("\n--- ") + 1) + 1 + 16;
    await attempt(cut(header + 64 * 1024 + 16), "backup-damaged");
    await attempt(bytes.map((byte, at) => at === bytes.length - 30_000 ? byte ^ 1 : byte), "backup-damaged");
    await attempt(new TextEncoder().encode("hello"), "backup-unknown");
  }),
);

/** A backup of other content than was checked when it was made, by someone who knows the passphrase. */
async function forgery(dir: string, data: string, change: (content: string) => Record<string, unknown>) {
  const content = join(dir, "content");
  await backUp(data, join(dir, "genuine.age"));
  await restore(join(dir, "genuine.age"), content);
  const manifest = await backUp(content, join(dir, "genuine.age"));
  const changed = { ...manifest, ...change(content) };
  const files = await Promise.all(
    manifest.files.map(async ({ name }) => ({ name, ...await digestOf(join(content, name)) })),
  );
  const out = join(dir, "forged.age");
  rmSync(out, { force: true });
  await writeFileOf(await encrypted(packed({ ...changed, files }, content), PASSPHRASE), out);
  rmSync(content, { recursive: true });
  return out;
}

Deno.test(
  "what does not belong together is not restored: log, keys, schema",
  inTempDir(async (dir) => {
    const data = await panelOf(dir, "new");
    const target = join(dir, "target");
    const attempt = async (change: (content: string) => Record<string, unknown>, code: string) => {
      const out = await forgery(dir, data, change);
      await assert.rejects(restore(out, target), { code });
      assert.deepEqual([existsSync(target), existsSync(`${target}.restoring`)], [false, false]);
    };
    const inDatabase = (sql: string) => (content: string) => {
      const db = new DatabaseSync(databasePath(content));
      db.exec(sql);
      db.close();
      return {};
    };
    const withKey = (name: string, text: string) => (content: string) => {
      writeFileSync(join(content, "keys", name), text);
      return {};
    };
    await restore(await forgery(dir, data, () => ({})), target);
    rmSync(target, { recursive: true });
    await attempt(inDatabase("UPDATE access_log SET outcome = 'x' WHERE seq = 1"), "backup-damaged");
    await attempt(inDatabase("DELETE FROM access_log WHERE seq > 1"), "backup-damaged");
    await attempt(() => ({ log: { rows: 1, findings: [] } }), "backup-damaged");
    await attempt(withKey("card.key", `${"0".repeat(64)}\n`), "keys-wrong");
    await attempt(withKey("log.key", "short\n"), "keys-damaged");
    await attempt(() => ({ schema: migrations.length + 1 }), "backup-newer");
  }),
);

Deno.test(
  "a restore that was killed between its two moves is finished before a panel starts",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    await finishRestore(data);
    mkdirSync(`${data}.restored`);
    writeFileSync(`${data}.restored/access.db`, "new");
    await finishRestore(data);
    assert.deepEqual(listing(dir), ["data/access.db"]);

    mkdirSync(`${data}.restored`);
    const unlock = lockData(data);
    await finishRestore(data);
    assert.ok(existsSync(`${data}.restored`), "a restore is under way");
    unlock();
    await finishRestore(data);
    assert.ok(!existsSync(`${data}.restored`), "the old directory never left: it stays");
    assert.equal(readFileSync(join(data, "access.db"), "utf8"), "new");
  }),
);

Deno.test(
  "a configuration comes along, but does not say where the data of another panel was",
  inTempDir(async (dir) => {
    const path = join(dir, "door.yaml");
    writeFileSync(path, "# mine\nname: Gate\ndata: /srv/panel # here\nport: 1\n");
    assert.equal(await configText(path), "# mine\nname: Gate\nport: 1\n");
    writeFileSync(path, "name: [\ndata: x\n");
    assert.equal(await configText(path), "name: [\ndata: x\n");
    assert.equal(await configText(join(dir, "none.yaml")), undefined);
    const [out, target] = [join(dir, "x.age"), join(dir, "target")];
    await backUp(await panelOf(dir, "new"), out, { config: "name: Gate\n" });
    await restore(out, target);
    assert.equal(readFileSync(join(target, "panel.yaml"), "utf8"), "name: Gate\n");
    assert.equal(statSync(join(target, "keys", "log.key")).mode & 0o777, 0o600);
  }),
);
