import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { loadLogKey } from "../store/keys_file.ts";
import { databasePath, headPath } from "../store/paths.ts";
import { readHeadFile } from "./head_file.ts";
import { type Verdict, verifyLog } from "./verify.ts";

const ROWS = 40;

/** A panel that has logged `ROWS` rows and stopped. */
async function loggedPanel(dir: string): Promise<void> {
  const panel = new AccessPanel(dir);
  const card = await panel.addCard({}, "04A1B2C3", "Zoë 北 Müller");
  await panel.access.record({
    kind: "alarm",
    outcome: "raised",
    actor: { kind: "plugin", id: "x", scopes: [] },
    via: "plugin",
    detail: { text: "null \u0000, lone \ud800 and 🚪", number: 1.5, list: [null, true] },
  });
  for (let n = 2; n < ROWS; n++) {
    if (n % 3 === 0) await panel.present(card);
    else await panel.access.release(panel.request(OWNER));
    panel.lock.close();
    await panel.clock.advance(1000);
  }
  await panel.stop();
}

function verified(dir: string): Verdict {
  const key = loadLogKey(dir);
  const path = databasePath(dir);
  return verifyLog(path, key, readHeadFile(headPath(path), key));
}

const firstBad = (dir: string): number | null | undefined => verified(dir).findings[0]?.seq;

function change(dir: string, ...statements: string[]): void {
  const db = new DatabaseSync(databasePath(dir), { timeout: 5000 });
  for (const sql of statements) db.exec(sql);
  db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  db.close();
}

const allRows = (dir: string): unknown[] => {
  const db = new DatabaseSync(databasePath(dir));
  try {
    return db.prepare("SELECT * FROM access_log ORDER BY seq").all();
  } finally {
    db.close();
  }
};

Deno.test(
  "I-3: an untouched log verifies, while the panel runs and after it has stopped",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    assert.deepEqual(verified(dir), { rows: ROWS, findings: [] });
    const panel = new AccessPanel(dir);
    await panel.access.release(panel.request(OWNER));
    assert.deepEqual(verified(dir), { rows: ROWS + 1, findings: [] });
    await panel.stop();
    assert.deepEqual(verified(dir), { rows: ROWS + 1, findings: [] });
  }),
);

Deno.test(
  "I-3: a changed column, a deleted row, a swap and an inserted row are found at the row",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    const whole = `${dir}/whole.db`;
    copyFileSync(databasePath(dir), whole);
    const cases: [string, number | null, ...string[]][] = [
      ["time", 7, "UPDATE access_log SET at = at + 1 WHERE seq = 7"],
      ["trust", 7, "UPDATE access_log SET clock_trusted = 0 WHERE seq = 7"],
      ["kind", 7, "UPDATE access_log SET kind = 'system' WHERE seq = 7"],
      ["no access point", 7, "UPDATE access_log SET access_point = NULL WHERE seq = 7"],
      ["outcome", 7, "UPDATE access_log SET outcome = 'denied' WHERE seq = 7"],
      ["reason", 7, "UPDATE access_log SET reason = 'expired' WHERE seq = 7"],
      ["actor", 7, "UPDATE access_log SET actor = replace(actor, 'Zo', 'Bo') WHERE seq = 7"],
      ["way", 7, "UPDATE access_log SET via = 'app' WHERE seq = 7"],
      ["card", 7, "UPDATE access_log SET credential_id = 'card-2' WHERE seq = 7"],
      ["request", 7, "UPDATE access_log SET request_id = 'x' WHERE seq = 7"],
      ["detail", 7, "UPDATE access_log SET detail = '{}' WHERE seq = 7"],
      ["text after a zero byte", 7, "UPDATE access_log SET via = CAST(via || x'0041' AS TEXT) WHERE seq = 7"],
      ["seal", 7, "UPDATE access_log SET mac = zeroblob(32) WHERE seq = 7"],
      ["first row deleted", 1, "DELETE FROM access_log WHERE seq = 1"],
      ["row deleted", 7, "DELETE FROM access_log WHERE seq = 7"],
      ["last row deleted", ROWS, `DELETE FROM access_log WHERE seq = ${ROWS}`],
      ["tail cut", 11, "DELETE FROM access_log WHERE seq > 10"],
      ["all deleted", 1, "DELETE FROM access_log"],
      [
        "deleted and the rest moved up",
        7,
        "DELETE FROM access_log WHERE seq = 7",
        "UPDATE access_log SET seq = seq - 1 WHERE seq > 7",
      ],
      [
        "two rows swapped",
        7,
        "UPDATE access_log SET seq = -1 WHERE seq = 7",
        "UPDATE access_log SET seq = 7 WHERE seq = 9",
        "UPDATE access_log SET seq = 9 WHERE seq = -1",
      ],
      [
        "row added",
        ROWS + 1,
        `INSERT INTO access_log SELECT ${
          ROWS + 1
        }, at, clock_trusted, kind, access_point, outcome, reason, actor, via,
           credential_id, NULL, detail, mac FROM access_log WHERE seq = ${ROWS}`,
      ],
    ];
    for (const [what, seq, ...statements] of cases) {
      copyFileSync(whole, databasePath(dir));
      change(dir, ...statements);
      assert.equal(firstBad(dir), seq, what);
    }
  }),
);

Deno.test(
  "I-3: a genuine row of an earlier time, put in the place of a later one, is found",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    const earlier = `${dir}/earlier.db`;
    copyFileSync(databasePath(dir), earlier);
    change(dir, "DELETE FROM access_log WHERE seq > 30");
    rmSync(headPath(databasePath(dir)));
    const panel = new AccessPanel(dir);
    for (let n = 0; n < 12; n++) await panel.access.release(panel.request(OWNER));
    await panel.stop();
    assert.deepEqual(verified(dir).findings, []);
    change(
      dir,
      `ATTACH '${earlier}' AS earlier`,
      "DELETE FROM access_log WHERE seq = 35",
      "INSERT INTO access_log SELECT * FROM earlier.access_log WHERE seq = 35",
      "DETACH earlier",
    );
    assert.equal(firstBad(dir), 35);
  }),
);

/** The same numbers each run, so that a failure comes back. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

Deno.test(
  "I-3: 1,500 single-bit flips in the file: each changes no row or is found",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    const path = databasePath(dir);
    const whole = readFileSync(path);
    const rows = allRows(dir);
    const below = generator(3);
    // Where the rows are: an even spread would mostly hit empty pages.
    const inRows = [...rows].flatMap((row) => {
      const { detail, mac } = row as { detail: string; mac: Uint8Array };
      // Pages that were split keep stale copies; the live one is in the newest page.
      const end = whole.lastIndexOf(mac) + mac.length;
      const length = 200 + detail.length;
      return Array.from({ length }, (_, index) => end - 1 - index);
    });
    let found = 0;
    for (let flip = 0; flip < 1500; flip++) {
      const at = flip % 3 === 0 ? below(whole.length) : inRows[below(inRows.length)]!;
      const bit = 1 << below(8);
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= bit;
      for (const end of ["-wal", "-shm"]) rmSync(path + end, { force: true });
      writeFileSync(path, bytes);
      let bad: boolean;
      try {
        bad = verified(dir).findings.length > 0;
      } catch {
        bad = true;
      }
      if (bad) found++;
      else assert.deepEqual(allRows(dir), rows, `byte ${at}, bit ${bit}`);
    }
    assert.ok(found > 900, `${found} found`);
  }),
);

Deno.test(
  "I-3: the head file can't be forged, damaged or lost without a word",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    const head = headPath(databasePath(dir));
    const line = readFileSync(head, "utf8");
    const [, mac] = line.split(" ");
    for (const text of ["", line.slice(0, -2), line.replace(/^\d+/, "3"), `3 ${mac} ${mac}\n`]) {
      writeFileSync(head, text);
      assert.match(verified(dir).findings[0]!.message, /head file is damaged/);
    }
    rmSync(head);
    assert.match(verified(dir).findings[0]!.message, /head file is missing/);
  }),
);

Deno.test(
  "I-3: a panel that starts on a log cut at the end says so in the log, and verification tells it for ever",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    change(dir, "DELETE FROM access_log WHERE seq > 30");
    const panel = new AccessPanel(dir);
    const row = (await panel.rows()).at(-1)!;
    assert.deepEqual([row.kind, row.outcome, row.seq], ["alarm", "log-cut", 31]);
    assert.deepEqual(row.detail, { alarm: "log-cut", expected: ROWS, found: 30 });
    assert.ok(panel.lines.some((line) => line.level === "error" && line.message.includes("missing")));
    await panel.stop();
    const { rows, findings } = verified(dir);
    assert.deepEqual([rows, findings.length, findings[0]!.seq], [31, 1, 31]);
  }),
);

Deno.test(
  "I-3: a lost head file is an alarm at the next start; a first start is none",
  inTempDir(async (dir) => {
    await loggedPanel(dir);
    rmSync(headPath(databasePath(dir)));
    const panel = new AccessPanel(dir);
    const outcomes = (await panel.rows()).filter((row) => row.kind === "alarm").map((row) => row.outcome);
    assert.deepEqual(outcomes, ["raised", "log-head-lost"]);
    await panel.stop();
  }),
);

Deno.test(
  "the head follows the log within a quarter of a second, and at the stop",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const path = headPath(databasePath(dir));
    const seq = () => Number(readFileSync(path, "utf8").split(" ")[0]);
    assert.ok(existsSync(path));
    assert.equal(seq(), 0);
    await panel.addCard();
    await panel.clock.advance(250);
    assert.equal(seq(), 1);
    await panel.access.release(panel.request(OWNER));
    await panel.stop();
    assert.equal(seq(), 2);
  }),
);
