import assert from "node:assert/strict";
import { z } from "zod";
import type { LogFields } from "../log.ts";
import { memoryStore } from "../testing/memory_store.ts";
import { openOverride } from "./override.ts";

const KEY = "level";
const OPTIONS = { key: KEY, schema: z.number().min(0).max(100), first: 40 };
const UNREADABLE = [{ basis: 40, now: 101 }, { basis: 30, now: "loud" }, { now: 7 }, 7, null];

Deno.test("a change that ended with other settings does not come back with those of before", async () => {
  const store = memoryStore()("light");
  await (await openOverride(store, OPTIONS)).change((now) => now + 1);
  const seen = [];
  for (const first of [40, 50, 40]) seen.push((await openOverride(store, { ...OPTIONS, first })).now);
  assert.deepEqual(seen, [41, 50, 40]);
});

Deno.test("what is kept and can't be read is reported, stays as it is, and what was told for it holds", async () => {
  for (const kept of UNREADABLE) {
    const store = memoryStore()("light");
    await store.set(KEY, kept);
    const errors: (LogFields | undefined)[] = [];
    const log = { error: (_: string, fields?: LogFields) => void errors.push(fields) };
    assert.equal((await openOverride(store, { ...OPTIONS, log })).now, 40, JSON.stringify(kept));
    const level = await openOverride(store, { ...OPTIONS, log, unreadable: 0 });
    assert.equal(level.now, 0, JSON.stringify(kept));
    assert.deepEqual(errors.map((fields) => [fields?.["key"], fields?.["holds"]]), [[KEY, 40], [KEY, 0]]);
    assert.deepEqual(await store.get(KEY), kept);
    await level.change((now) => now + 5);
    assert.equal((await openOverride(store, { ...OPTIONS, log, unreadable: 0 })).now, 5);
    assert.equal(errors.length, 2);
  }
});
