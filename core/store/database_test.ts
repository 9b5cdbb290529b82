import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { assertVersion } from "./boot_checks.ts";
import { openStore } from "./database.ts";
import { migrations } from "./migrations.ts";
import { headPath } from "./paths.ts";

const refused = (code: string, ...words: string[]) => (error: unknown) => {
  assert.ok(error instanceof LatchkeyError, String(error));
  assert.equal(error.code, code);
  for (const word of words) assert.ok(error.message.includes(word), `"${error.message}" must say "${word}"`);
  return true;
};

const count = (path: string, sql: string): unknown => {
  const db = new DatabaseSync(path);
  const value = Object.values(db.prepare(sql).get() ?? {})[0];
  db.close();
  return value;
};

Deno.test(
  "a new database has the durable settings and the newest schema",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const store = openStore(path);
    const pragma = (name: string) => Object.values(store.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    assert.equal(pragma("journal_mode"), "wal");
    assert.equal(pragma("synchronous"), 2);
    assert.equal(pragma("foreign_keys"), 1);
    assert.equal(pragma("busy_timeout"), 5000);
    assert.equal(pragma("user_version"), migrations.length);
    store.close();
    store.close();
  }),
);

Deno.test(
  "the database and its log can be read by the panel's user only, also those that could be read by others before",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const modes = () =>
      ["access.db", "access.db-wal", "access.db-shm"].map((name) => statSync(join(dir, name)).mode & 0o777);
    openStore(path).close();
    for (let n = 0; n < 2; n++) {
      const store = openStore(path);
      assert.deepEqual(modes(), [0o600, 0o600, 0o600]);
      store.close();
      chmodSync(path, 0o644);
    }
  }),
);

Deno.test(
  "what was written is there after the next opening",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const first = openStore(path);
    first.transaction(() => first.prepare("INSERT INTO meta VALUES (?, ?)").run("greeting", "hello"));
    first.close();
    const second = openStore(path);
    assert.equal(second.prepare("SELECT value FROM meta WHERE key = ?").get("greeting")?.["value"], "hello");
    second.close();
  }),
);

Deno.test(
  "a transaction that throws leaves nothing, and the next one works",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const store = openStore(path);
    const insert = store.prepare("INSERT INTO meta VALUES (?, '')");
    assert.throws(() =>
      store.transaction(() => {
        insert.run("half");
        throw new Error("Stop");
      }), /Stop/);
    store.transaction(() => insert.run("whole"));
    assert.deepEqual(store.prepare("SELECT key FROM meta").all().map((row) => row["key"]), ["whole"]);
    store.close();
  }),
);

Deno.test(
  "a transaction refuses a promise and rolls back",
  inTempDir(async (dir) => {
    const path = join(dir, "access.db");
    const store = openStore(path);
    let work: Promise<void> | undefined;
    assert.throws(() =>
      store.transaction(() => {
        store.prepare("INSERT INTO meta VALUES ('early', '')").run();
        return work = Promise.resolve();
      }), /promise/);
    await work;
    assert.equal(store.prepare("SELECT count(*) AS n FROM meta").get()?.["n"], 0);
    store.close();
  }),
);

Deno.test(
  "a transaction inside another is an error and undoes the outer one",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const store = openStore(path);
    assert.throws(() =>
      store.transaction(() => {
        store.prepare("INSERT INTO meta VALUES ('outer', '')").run();
        store.transaction(() => {});
      }), /another one is open/);
    assert.equal(store.prepare("SELECT count(*) AS n FROM meta").get()?.["n"], 0);
    store.transaction(() => {});
    store.close();
  }),
);

Deno.test(
  "migrations run in order, once, and a failed one leaves the version before it",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const one = "CREATE TABLE a (x) ";
    const two = "INSERT INTO a VALUES (1)";
    openStore(path, { migrations: [one] }).close();
    openStore(path, { migrations: [one, two] }).close();
    openStore(path, { migrations: [one, two] }).close();
    assert.equal(count(path, "SELECT count(*) FROM a"), 1);
    assert.throws(() =>
      openStore(path, { migrations: [one, two, "INSERT INTO a VALUES (2); INSERT INTO b VALUES (1)"] })
    );
    assert.equal(count(path, "SELECT count(*) FROM a"), 1);
    assert.equal(count(path, "PRAGMA user_version"), 2);
  }),
);

Deno.test(
  "a database of a newer Latchkey is refused and left alone",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    openStore(path).close();
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    assert.throws(() => openStore(path), refused("database-newer", path, "newer Latchkey", "Install"));
    assert.equal(count(path, "PRAGMA user_version"), migrations.length + 1);
  }),
);

Deno.test(
  "a damaged database is refused with its name and what to do, and is never replaced by an empty one",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    const damage: Record<string, (bytes: Uint8Array) => Uint8Array> = {
      "text in its place": () => new TextEncoder().encode("not a database at all\n".repeat(500)),
      "header overwritten": (bytes) => bytes.fill(0xa5, 0, 100),
      "schema overwritten": (bytes) => bytes.fill(0xa5, 100, 4096),
      "later pages overwritten": (bytes) => bytes.fill(0x5a, 4096),
      "cut in half": (bytes) => bytes.slice(0, bytes.length / 2),
    };
    for (const [what, change] of Object.entries(damage)) {
      rmSync(path, { force: true });
      openStore(path).close();
      writeFileSync(path, change(new Uint8Array(readFileSync(path))));
      const before = readFileSync(path);
      assert.throws(() => openStore(path), refused("database-damaged", path, "Restore a backup"), what);
      assert.deepEqual(readFileSync(path), before, what);
    }
  }),
);

Deno.test(
  "a database that has vanished beside its log's head is refused, not made anew",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    writeFileSync(headPath(path), "7 00 00\n");
    assert.throws(() => openStore(path), refused("database-missing", path, "access.head"));
    assert.equal(existsSync(path), false);
    writeFileSync(path, "");
    assert.throws(() => openStore(path), refused("database-missing"));
  }),
);

Deno.test(
  "a database that can't be written is refused at boot",
  inTempDir((dir) => {
    const path = join(dir, "access.db");
    openStore(path).close();
    const bytes = readFileSync(path);
    // A write version that this SQLite does not know makes a file read-only, for any user, root too.
    bytes[18] = 3;
    writeFileSync(path, bytes);
    assert.throws(() => openStore(path), refused("database-read-only", path, "writable"));
    const directory = join(dir, "directory.db");
    mkdirSync(directory);
    assert.throws(() => openStore(directory), refused("database-read-only", directory, "writable"));
    assert.throws(() => openStore(join(dir, "nowhere", "access.db")), refused("database-read-only"));
  }),
);

Deno.test("a database whose settings don't hold is refused", () => {
  try {
    assert.throws(() => openStore(":memory:"), refused("database-settings", "journal_mode", "wal"));
  } finally {
    rmSync(":memory:", { force: true });
  }
});

Deno.test("an old SQLite is an error on Deno and a warning elsewhere", () => {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  assert.throws(() => assertVersion(warn, "3.51.2", true), refused("sqlite-too-old", "3.51.2", "3.51.3"));
  assertVersion(warn, "3.9.9", false);
  assert.match(warnings.join(), /3\.9\.9/);
  for (const fine of ["3.51.3", "3.53.2", "3.100.0", "4.0.0"]) assertVersion(warn, fine, true);
  assert.equal(warnings.length, 1);
});

Deno.test(
  "a backup of a database in use is whole, one file, and a copy of one moment",
  inTempDir(async (dir) => {
    const path = join(dir, "access.db");
    const store = openStore(path);
    const insert = store.prepare("INSERT INTO meta VALUES (?, ?)");
    const add = (n: number) => store.transaction(() => insert.run(`k${n}`, "x".repeat(2000)));
    for (let n = 0; n < 200; n++) add(n);
    const copy = join(dir, "copy.db");
    const done = store.backup(copy);
    for (let n = 200; n < 220; n++) add(n);
    await done;
    store.close();
    assert.deepEqual(readdirSync(dir).sort(), ["access.db", "copy.db"]);
    const copied = Number(count(copy, "SELECT count(*) FROM meta"));
    assert.ok(copied >= 200 && copied <= 220, `${copied} rows`);
    openStore(copy).close();
  }),
);

Deno.test(
  "a backup that fails leaves the old one and says where it failed",
  inTempDir(async (dir) => {
    const path = join(dir, "access.db");
    const store = openStore(path);
    const target = join(dir, "nowhere", "copy.db");
    await assert.rejects(store.backup(target), refused("backup-failed", target));
    const copy = join(dir, "copy.db");
    mkdirSync(copy);
    await assert.rejects(store.backup(copy), refused("backup-failed", copy));
    store.close();
    assert.deepEqual(readdirSync(dir).sort(), ["access.db", "copy.db"]);
  }),
);
