import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLog, type LogLine } from "../log.ts";
import { Host } from "../plugin/host.ts";
import { memoryStore } from "../testing/memory_store.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { openStore } from "./database.ts";
import { DUE, keepTidy, OVERDUE, QUIET_MS } from "./tidy.ts";

function keeper() {
  const clock = new VirtualClock();
  const lines: LogLine[] = [];
  const log = createLog({ level: "warn", now: () => clock.now(), sink: (line) => void lines.push(line) });
  const host = new Host({ clock, log, storeFor: memoryStore(), serve: () => () => {} });
  const store = {
    waiting: 0,
    onCommit: undefined as (() => void) | undefined,
    checkpoints: 0,
    broken: false,
    checkpoint() {
      if (store.broken) throw new Error("Disk full");
      store.checkpoints++;
      store.waiting = 0;
    },
    commit(times: number) {
      for (let time = 0; time < times; time++) {
        store.waiting++;
        store.onCommit?.();
      }
    },
  };
  keepTidy(host.core, store);
  return { clock, lines, host, store };
}

Deno.test("a checkpoint comes when enough commits wait and it has been quiet", async () => {
  const { clock, host, store } = keeper();
  store.commit(DUE - 1);
  await clock.advance(10 * QUIET_MS);
  assert.equal(store.checkpoints, 0);
  assert.equal(clock.pending, 0, "a panel in which nothing happens does not wake up for it");
  store.commit(1);
  await clock.advance(QUIET_MS - 1);
  assert.equal(store.checkpoints, 0);
  await clock.advance(1);
  assert.equal(store.checkpoints, 1);
  store.commit(DUE);
  await clock.advance(QUIET_MS);
  assert.equal(store.checkpoints, 2);
  await host.stop();
});

Deno.test("a checkpoint waits while commits go on, but not for ever", async () => {
  const { clock, host, store } = keeper();
  for (let commits = DUE; commits < OVERDUE; commits += DUE) {
    store.commit(DUE);
    await clock.advance(QUIET_MS / 2);
    assert.equal(store.checkpoints, 0, `${store.waiting} commits wait`);
  }
  store.commit(DUE);
  await clock.advance(QUIET_MS);
  assert.equal(store.checkpoints, 1);
  await host.stop();
});

Deno.test("a checkpoint that fails is logged and made later", async () => {
  const { clock, lines, host, store } = keeper();
  store.broken = true;
  store.commit(DUE);
  await clock.advance(QUIET_MS);
  assert.equal(lines.length, 1);
  assert.equal(lines[0]!.fields["error"], "Disk full");
  store.broken = false;
  store.commit(1);
  await clock.advance(QUIET_MS);
  assert.equal(store.checkpoints, 1);
  await host.stop();
});

Deno.test("a panel that stops makes no more checkpoints", async () => {
  const { clock, lines, host, store } = keeper();
  host.core.defer("a last word", () => store.commit(DUE));
  await host.stop();
  store.commit(DUE);
  await clock.advance(QUIET_MS);
  assert.deepEqual([store.checkpoints, lines, clock.pending], [0, [], 0]);
});

Deno.test(
  "a checkpoint brings what was committed into the database file, also what a crash left in the log",
  inTempDir((dir) => {
    const inFile = (path: string) => {
      cpSync(path, join(dir, "alone.db"));
      const db = new DatabaseSync(join(dir, "alone.db"));
      const keys = db.prepare("SELECT key FROM meta ORDER BY key").all().map((row) => row["key"]);
      db.close();
      return keys;
    };
    const path = join(dir, "access.db");
    const store = openStore(path);
    const write = (key: string) =>
      store.transaction(() => store.prepare("INSERT INTO meta VALUES (?, '')").run(key));
    write("a");
    assert.equal(store.waiting, 1);
    assert.deepEqual(inFile(path), []);
    store.checkpoint();
    assert.equal(store.waiting, 0);
    assert.deepEqual(inFile(path), ["a"]);
    write("b");
    const crashed = join(dir, "crashed.db");
    for (const end of ["", "-wal"]) cpSync(path + end, crashed + end);
    assert.deepEqual(inFile(crashed), ["a"]);
    const next = openStore(crashed);
    assert.deepEqual(inFile(crashed), ["a", "b"]);
    next.close();
    store.close();
  }),
);
