import assert from "node:assert/strict";
import type { Json, PluginStore } from "../../core/mod.ts";
import { memoryStore } from "../../core/testing/memory_store.ts";
import { settle, VirtualClock } from "../../core/testing/virtual_clock.ts";
import { quietLog } from "../testing/bench.ts";
import { Journal } from "./journal.ts";

/** A store whose writes are counted, and which can fail or lose its power. */
class Disk implements PluginStore {
  readonly #store = memoryStore()("mqtt");
  writes = 0;
  broken = false;
  /** How many more writes happen before the power is cut; those after it never come to an end. */
  left = Infinity;

  get<T extends Json>(key: string): Promise<T | undefined> {
    return this.#store.get<T>(key);
  }

  set(key: string, value: Json): Promise<void> {
    return this.#write(() => this.#store.set(key, value));
  }

  delete(key: string): Promise<void> {
    return this.#write(() => this.#store.delete(key));
  }

  #write(write: () => Promise<void>): Promise<void> {
    if (this.broken) return Promise.reject(new Error("The disk is full"));
    if (this.left <= 0) return new Promise(() => {});
    this.left--;
    this.writes++;
    return write();
  }
}

async function open(disk = new Disk(), limit = 1_000) {
  const clock = new VirtualClock();
  const journal = await Journal.open({ clock, log: quietLog(), store: disk, limit });
  const add = (from: number, to: number) => {
    for (let n = from; n < to; n++) journal.add({ topic: "t", at: n, body: { n } });
  };
  return { disk, clock, journal, add };
}

function all(journal: Journal): Json[] {
  const found: Json[] = [];
  for (let entry = journal.after(-1); entry; entry = journal.after(entry.seq)) found.push(entry.body["n"]!);
  return found;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

Deno.test("what is acknowledged at once never touches the disk", async () => {
  const { disk, clock, journal, add } = await open();
  add(0, 50);
  journal.acknowledge(journal.after(-1)!.seq + 49);
  await clock.advance(60_000);
  assert.deepEqual([all(journal), disk.writes, clock.pending], [[], 0, 0]);
});

Deno.test("what waits is written within a quarter of a second, all of it in one go, and is there after a restart", async () => {
  const { disk, clock, add } = await open();
  add(0, 90);
  await clock.advance(250);
  assert.equal(disk.writes, 1);
  const { journal } = await open(disk);
  assert.deepEqual(all(journal), range(0, 90));
});

Deno.test("however much happens, the disk is asked once a second, and a little later for what is gone", async () => {
  const { disk, clock, add } = await open();
  for (let n = 0; n < 1_000; n++) {
    add(n, n + 1);
    await clock.advance(10);
  }
  assert.ok(disk.writes <= 13, `${disk.writes} writes in 10 s`);
});

Deno.test("a stop writes what is not on disk", async () => {
  const { disk, clock, journal, add } = await open();
  add(0, 250);
  await journal.close();
  assert.equal(clock.pending, 0);
  assert.deepEqual(all((await open(disk)).journal), range(0, 250));
});

Deno.test("beyond the bound the oldest are lost, and how many is known over restarts", async () => {
  const { disk, clock, journal, add } = await open(new Disk(), 100);
  add(0, 130);
  await clock.advance(300);
  add(130, 150);
  assert.deepEqual([all(journal), journal.length, journal.lost], [range(50, 150), 100, 50]);
  await journal.close();
  const next = await open(disk, 100);
  assert.deepEqual([all(next.journal), next.journal.lost], [range(50, 150), 50]);
  const smaller = await open(disk, 10);
  assert.deepEqual([all(smaller.journal), smaller.journal.lost], [range(140, 150), 140]);
});

Deno.test("what was acknowledged is removed from disk, a little at a time, and is not told again", async () => {
  const { disk, clock, journal, add } = await open();
  for (let n = 0; n < 30; n++) {
    add(n, n + 1);
    await clock.advance(1_000);
  }
  journal.acknowledge(24);
  await clock.advance(60_000);
  assert.equal(clock.pending, 0);
  const next = await open(disk);
  assert.deepEqual(all(next.journal), range(25, 30));
  next.journal.acknowledge(4);
  await next.journal.close();
  for (const block of range(0, 25)) {
    assert.equal(await disk.get(`journal-${block}`), undefined, String(block));
  }
});

Deno.test("what was acknowledged within five seconds before a crash is told again, and nothing older", async () => {
  const { disk, clock, journal, add } = await open();
  add(0, 10);
  await clock.advance(250);
  journal.acknowledge(3);
  await clock.advance(5_000);
  journal.acknowledge(6);
  await clock.advance(4_000);
  const next = await open(disk);
  assert.deepEqual(all(next.journal), range(4, 10));
  next.journal.acknowledge(next.journal.after(-1)!.seq);
  await next.journal.close();
  assert.deepEqual(all((await open(disk)).journal), range(5, 10));
});

Deno.test("wherever the power is cut, what waits is there in order, and nothing of it twice", async () => {
  for (let left = 0;; left++) {
    const disk = new Disk();
    const first = await open(disk, 40);
    for (let n = 0; n < 6; n++) {
      first.add(n * 5, n * 5 + 5);
      await first.clock.advance(1_000);
    }
    first.journal.acknowledge(14);
    first.add(30, 60);
    disk.left = left;
    const closing = first.journal.close();
    await settle();
    const cut = disk.left <= 0;
    disk.left = Infinity;
    const { journal } = await open(disk, 40);
    const found = all(journal) as number[];
    assert.deepEqual(found, found.toSorted((a, b) => a - b), `cut after ${left}`);
    assert.equal(new Set(found).size, found.length, `cut after ${left}`);
    for (const n of range(15, 30)) {
      if (n >= 20 || found.length < 40) assert.ok(found.includes(n), `${n}, cut after ${left}`);
    }
    if (cut) continue;
    await closing;
    assert.deepEqual(found, range(20, 60));
    assert.ok(left > 3);
    break;
  }
});

Deno.test("a disk that fails keeps nothing from being told, and is tried again", async () => {
  const { disk, clock, journal, add } = await open();
  disk.broken = true;
  add(0, 3);
  await clock.advance(1_000);
  assert.deepEqual(all(journal), range(0, 3));
  disk.broken = false;
  await clock.advance(1_000);
  assert.deepEqual(all((await open(disk)).journal), range(0, 3));
});

for (const [writes, found, cursor] of [[1, 200, null], [2, 400, null], [3, 450, 7], [4, 450, 7]] as const) {
  Deno.test(`how far the log was read counts once all that was found in it does: cut after ${writes} writes`, async () => {
    const { disk, clock, add, journal } = await open();
    add(0, 450);
    journal.pass(7);
    disk.left = writes;
    await clock.advance(6_000);
    const cut = await open(disk);
    assert.deepEqual([all(cut.journal), cut.journal.cursor], [range(0, found), cursor]);
  });
}

Deno.test("how far the log was read is written in a while, where there is nothing else to write", async () => {
  const { disk, clock, journal } = await open();
  journal.pass(8);
  await clock.advance(5_000);
  assert.equal((await open(disk)).journal.cursor, 8);
});
