import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { cardSharingService } from "../access/sharing_keys.ts";
import { readHeadFile } from "../access/head_file.ts";
import { verifyLog, verifyLogInSlices } from "../access/verify.ts";
import { lockData } from "../store/data_lock.ts";
import { loadLogKey } from "../store/keys_file.ts";
import { databasePath, headPath } from "../store/paths.ts";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { backUp, listing, MADE_AT, restore } from "./testing/backups.ts";

const UID = "04A1B2C3";

function findings(dir: string) {
  const [path, key] = [databasePath(dir), loadLogKey(dir)];
  return verifyLog(path, key, readHeadFile(headPath(path), key)).findings;
}

function panelIn(dir: string): { data: string; panel: AccessPanel } {
  const data = join(dir, "data");
  mkdirSync(data);
  return { data, panel: new AccessPanel(data) };
}

/** A panel with a card and two rows, stopped. */
async function made(dir: string): Promise<string> {
  const { data, panel } = panelIn(dir);
  await panel.present(await panel.addCard({}, UID));
  await panel.stop();
  return data;
}

Deno.test(
  "a panel is backed up while it runs and restored elsewhere: cards open, the log is whole and goes on",
  inTempDir(async (dir) => {
    const [out, fresh] = [join(dir, "panel.age"), join(dir, "new", "data")];
    const { data, panel } = panelIn(dir);
    await panel.addCard({}, UID);
    await panel.access.release(panel.request(OWNER));
    const before = (await panel.rows()).length;
    const manifest = await backUp(data, out, { config: "port: 8081\n" });
    assert.deepEqual([manifest.log, manifest.panel.name], [{ rows: before, findings: [] }, "Front door"]);
    await panel.access.release(panel.request(OWNER));
    await panel.stop();

    const { aside } = await restore(out, fresh, {}, new VirtualClock(MADE_AT + 60_000));
    assert.equal(aside, undefined);
    assert.equal(Deno.statSync(fresh).mode! & 0o777, 0o700);
    assert.equal(readFileSync(join(fresh, "panel.yaml"), "utf8"), "port: 8081\n");
    assert.deepEqual(findings(fresh), []);
    const restored = new AccessPanel(fresh, new VirtualClock(MADE_AT + 120_000));
    const card = await restored.credentials.identify({ uid: UID, cardKind: "iso14443a" });
    assert.equal((await restored.present(card!)).outcome, "released");
    const rows = (await restored.rows()).slice(before);
    assert.deepEqual(rows.map(({ kind, outcome }) => `${kind} ${outcome}`), [
      "system restored",
      "release released",
    ]);
    assert.equal(rows[0]?.detail["madeAt"], "2026-06-01T12:00:00.000Z");
    await restored.stop();
    assert.deepEqual(findings(fresh), []);
    assert.deepEqual(listing(dir).filter((name) => !/^(data|new\/data)\//.test(name)), ["panel.age"]);
  }),
);

Deno.test(
  "I-3: a backup made in the middle of releases is of one moment, log and head",
  inTempDir(async (dir) => {
    const { data, panel } = panelIn(dir);
    let going = true;
    const releases = (async () => {
      while (going) {
        await panel.access.release(panel.request(OWNER));
        panel.lock.close();
        await panel.clock.advance(100);
        await setImmediate();
      }
    })();
    for (let round = 0; round < 3; round++) {
      const { log } = await backUp(data, join(dir, "panel.age"), { gently: true });
      assert.deepEqual(log.findings, []);
      const target = join(dir, `restored-${round}`);
      await restore(join(dir, "panel.age"), target);
      assert.deepEqual(findings(target), []);
    }
    going = false;
    await releases;
    await panel.stop();
  }),
);

Deno.test(
  "the doors are not kept waiting: while a log is checked in slices others have their turn",
  inTempDir(async (dir) => {
    const { data, panel } = panelIn(dir);
    panel.parts.accessLog.write((append) => {
      for (let n = 0; n < 3_000; n++) append({ kind: "system", outcome: "x", actor: OWNER, via: "app" });
    });
    await panel.stop();
    const [path, key] = [databasePath(data), loadLogKey(data)];
    const turnsDuring = async (check: typeof verifyLog | typeof verifyLogInSlices) => {
      let [turns, done] = [0, false];
      const counted = (async () => {
        for (; !done; turns++) await setImmediate();
      })();
      const verdict = await check(path, key, readHeadFile(headPath(path), key));
      done = true;
      await counted;
      assert.deepEqual(verdict, { rows: 3_000, findings: [] });
      return turns;
    };
    assert.ok(await turnsDuring(verifyLog) < 5);
    assert.ok(await turnsDuring(verifyLogInSlices) >= 60, "at least once in 50 rows");
  }),
);

Deno.test(
  "cards that are under a key shared with other panels open at a restored panel too",
  inTempDir(async (dir) => {
    const { data, panel } = panelIn(dir);
    await panel.host.core.use(cardSharingService).adoptKey("ab".repeat(32));
    await panel.addCard({}, UID);
    await panel.stop();
    await backUp(data, join(dir, "panel.age"));
    await restore(join(dir, "panel.age"), join(dir, "restored"));
    const restored = new AccessPanel(join(dir, "restored"));
    const card = await restored.credentials.identify({ uid: UID, cardKind: "iso14443a" });
    assert.equal((await restored.present(card!)).outcome, "released");
    await restored.stop();
  }),
);

Deno.test(
  "I-3: a check in slices finds what the other finds",
  inTempDir(async (dir) => {
    const data = await made(dir);
    const db = new DatabaseSync(databasePath(data));
    db.exec("UPDATE access_log SET outcome = 'x' WHERE seq = 2");
    db.close();
    const [path, key] = [databasePath(data), loadLogKey(data)];
    const head = readHeadFile(headPath(path), key);
    const found = await verifyLogInSlices(path, key, head);
    assert.equal(found.findings[0]?.seq, 2);
    assert.deepEqual(found, verifyLog(path, key, head));
    assert.deepEqual(
      (await verifyLogInSlices(path, key, { state: "absent" })).findings,
      verifyLog(path, key, { state: "absent" }).findings,
    );
  }),
);

Deno.test(
  "a log that is not whole is backed up as it is, and the backup says so; restoring it hides nothing",
  inTempDir(async (dir) => {
    const data = await made(dir);
    const db = new DatabaseSync(databasePath(data));
    const rows = Number(db.prepare("SELECT max(seq) AS seq FROM access_log").get()?.["seq"]);
    db.exec(`DELETE FROM access_log WHERE seq = ${rows}`);
    db.close();
    const { log } = await backUp(data, join(dir, "cut.age"));
    assert.deepEqual(log, {
      rows: rows - 1,
      findings: [`Rows ${rows} to ${rows} are missing at the end`],
    });
    const target = join(dir, "restored");
    const { manifest } = await restore(join(dir, "cut.age"), target);
    assert.deepEqual(manifest.log.findings, log.findings);
    const panel = new AccessPanel(target);
    assert.ok((await panel.rows()).some(({ outcome }) => outcome === "log-cut"));
    await panel.stop();
  }),
);

Deno.test(
  "a database that is damaged, or beside keys of another, is not backed up",
  inTempDir(async (dir) => {
    const data = await made(dir);
    const path = join(data, "keys", "card.key");
    const key = readFileSync(path, "utf8");
    writeFileSync(path, `${"0".repeat(64)}\n`);
    await assert.rejects(backUp(data, join(dir, "x.age")), { code: "keys-wrong" });
    rmSync(path);
    await assert.rejects(backUp(data, join(dir, "x.age")), { code: "keys-missing" });
    writeFileSync(path, key);
    const db = new DatabaseSync(databasePath(data));
    const page = Number(
      db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'holders'").get()?.["rootpage"],
    );
    const size = Number(db.prepare("PRAGMA page_size").get()?.["page_size"]);
    db.close();
    const bytes = readFileSync(databasePath(data));
    bytes.fill(0xff, (page - 1) * size, page * size);
    writeFileSync(databasePath(data), bytes);
    for (const gently of [true, false]) {
      await assert.rejects(backUp(data, join(dir, "x.age"), { gently }), {
        code: "database-damaged",
        message: /restore an earlier/,
      });
    }
    assert.deepEqual(listing(join(data, "backup")), ["panel.lock"]);
    assert.ok(!existsSync(join(dir, "x.age")));
  }),
);

Deno.test(
  "a directory without a panel is not backed up, and nothing is made there",
  inTempDir(async (dir) => {
    await assert.rejects(backUp(join(dir, "typo"), join(dir, "x.age")), { code: "nothing-to-back-up" });
    assert.deepEqual(listing(dir), []);
    const data = await made(dir);
    await assert.rejects(backUp(data, join(dir, "no/such/x.age")), {
      code: "backup-failed",
      message: /no\/such/,
    });
    await assert.rejects(backUp(data, join(dir, "x.age"), { passphrase: "too short" }), {
      code: "passphrase-refused",
    });
    assert.deepEqual(listing(dir).filter((name) => !name.startsWith("data/")), []);
  }),
);

Deno.test(
  "one backup at a time; what one that was killed has left is cleared away",
  inTempDir(async (dir) => {
    const data = await made(dir);
    const shop = join(data, "backup");
    const unlock = lockData(shop, 0);
    await assert.rejects(backUp(data, join(dir, "x.age")), { code: "backup-busy" });
    mkdirSync(join(shop, "content"));
    writeFileSync(join(shop, "content", "access.db"), "left over");
    unlock();
    await backUp(data, join(dir, "x.age"));
    assert.deepEqual(listing(shop), ["panel.lock"]);
  }),
);

Deno.test(
  "a backup that fails leaves the one that was there",
  inTempDir(async (dir) => {
    const data = await made(dir);
    const out = join(dir, "panel.age");
    await backUp(data, out);
    const before = readFileSync(out);
    rmSync(join(data, "keys", "card.key"));
    await assert.rejects(backUp(data, out));
    assert.deepEqual(readFileSync(out), before);
  }),
);
