import assert from "node:assert/strict";
import fc from "fast-check";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findFfmpeg } from "../../media/testing/tools.ts";
import { causeSchema, type Clip } from "./model.ts";
import { toRemove } from "./retention.ts";
import { RecorderPanel } from "./testing/recorder_panel.ts";

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const KEEP = { call: 72 * HOUR, badge: 24 * HOUR, motion: 24 * HOUR, manual: 24 * HOUR };

const clip = fc.record({
  id: fc.uuid(),
  cause: fc.constantFrom(...causeSchema.options),
  startedAt: fc.integer({ min: NOW - 100 * HOUR, max: NOW }),
  ms: fc.option(fc.integer({ min: 1, max: HOUR })),
  bytes: fc.integer({ min: 1, max: 200 }),
  sealed: fc.boolean(),
  protected: fc.boolean(),
  call: fc.constant(null),
});

Deno.test("I-20: whatever is on the card: nothing is too old, enough is free, calls go last, what is protected stays", () => {
  fc.assert(
    fc.property(fc.array(clip, { maxLength: 40 }), fc.integer({ min: 0, max: 1_000 }), (clips, free) => {
      const space = { total: 1_000, free };
      const gone = new Set<Clip>(toRemove(clips, { now: NOW, keepMs: KEEP, space }));
      const kept = clips.filter((one) => !gone.has(one));
      const may = (one: Clip) => !one.protected && one.ms !== null;
      assert.ok([...gone].every(may));
      const isOld = ({ startedAt, ms, cause }: Clip) => NOW - startedAt - ms! >= KEEP[cause];
      assert.ok(kept.filter(may).every((one) => !isOld(one)));
      const left = free + [...gone].reduce((sum, { bytes }) => sum + bytes, 0);
      const forRoom = [...gone].filter((one) => !isOld(one));
      const most = left + kept.filter(may).reduce((sum, { bytes }) => sum + bytes, 0);
      assert.ok(
        left >= 100 || (most < 100 && forRoom.length === 0),
        "a tenth is free, or can't be made free",
      );
      if (forRoom.some(({ cause }) => cause === "call")) {
        assert.ok(kept.filter(may).every(({ cause }) => cause === "call"), "nothing else was left");
      }
      for (const cause of causeSchema.options) {
        const newestGone = Math.max(
          ...forRoom.filter((one) => one.cause === cause).map((one) => one.startedAt),
        );
        const left = kept.filter((one) => may(one) && one.cause === cause);
        assert.ok(left.every(({ startedAt }) => startedAt >= newestGone), "the oldest go first");
      }
    }),
    { numRuns: 2_000, seed: 20 },
  );
});

Deno.test("B-REC-5: where others fill the card nothing is deleted for room that would not be enough", () => {
  const clips = [3, 2, 1].map((hours) => ({
    id: String(hours),
    cause: "motion" as const,
    startedAt: NOW - hours * HOUR,
    ms: 1,
    bytes: 20,
    sealed: false,
    protected: false,
    call: null,
  }));
  const gone = (free: number) =>
    toRemove(clips, { now: NOW, keepMs: KEEP, space: { total: 1_000, free } }).map(({ id }) => id);
  assert.deepEqual(gone(39), []);
  assert.deepEqual(gone(40), ["3", "2", "1"]);
  assert.deepEqual(gone(80), ["3"], "no more than it takes");
  assert.deepEqual(gone(126), []);
});

Deno.test("I-20: room is made before the card is full, where there is enough to delete", () => {
  const clips = Array.from({ length: 20 }, (_, i) => ({
    id: String(i),
    cause: "motion" as const,
    startedAt: NOW - HOUR + i,
    ms: 1,
    bytes: 10,
    sealed: false,
    protected: false,
    call: null,
  }));
  const space = { total: 1_000, free: 120 };
  assert.deepEqual(toRemove(clips, { now: NOW, keepMs: KEEP, space }).map(({ id }) => id), ["0", "1", "2"]);
  assert.deepEqual(toRemove(clips, { now: NOW, keepMs: KEEP, space: { ...space, free: 126 } }), []);
});

Deno.test("while the clock is not believed nothing is too old, but room is made all the same", () => {
  const old = {
    id: "a",
    cause: "motion",
    startedAt: 0,
    ms: 1,
    bytes: 300,
    sealed: false,
    protected: false,
    call: null,
  } as const;
  const space = { total: 1_000, free: 500 };
  assert.deepEqual(toRemove([old], { now: undefined, keepMs: KEEP, space }), []);
  assert.deepEqual(toRemove([old], { now: undefined, keepMs: KEEP, space: { ...space, free: 10 } }), [old]);
});

Deno.test({
  name: "I-20: recordings go when they are too old, and motion's before those of calls",
  ignore: findFfmpeg() === undefined,
  fn: inTempDir(async () => {
    await using bench = await RecorderPanel.start({ keepCallHours: 2, keepOtherHours: 1 });
    await bench.call(1);
    await bench.manual(1);
    await bench.call(1);
    const [, , first] = await bench.clips();
    await bench.must("PATCH", `/clips/${first!.id}`, { protected: true });
    const causes = async () => (await bench.clips()).map(({ cause }) => cause);
    assert.deepEqual(await causes(), ["call", "manual", "call"]);
    await bench.pass(HOUR + 10 * 60_000, 30_000);
    assert.deepEqual(await causes(), ["call", "call"]);
    await bench.pass(HOUR, 30_000);
    assert.deepEqual((await bench.clips()).map(({ id }) => id), [first!.id], "it is protected");
    assert.equal(bench.files().filter((name) => name.endsWith(".mp4")).length, 1);
    assert.equal(bench.files().filter((name) => name.endsWith(".jpg")).length, 1);
  }),
});

Deno.test({
  name: "I-20: a card that fills up keeps a tenth free, at the cost of the oldest that is not of a call",
  ignore: findFfmpeg() === undefined,
  fn: inTempDir(async () => {
    await using bench = await RecorderPanel.start();
    await bench.call(2);
    for (let i = 0; i < 4; i++) await bench.manual(2);
    const clips = await bench.clips();
    const used = clips.reduce((sum, { bytes }) => sum + bytes, 0);
    // Of a card so small that they leave it nothing.
    const bytes = Math.max(1_000_000, used + 10_000);
    await bench.slot({ bytes, taken: Math.max(0, bytes - used - 10_000) });
    await bench.until(async () => (await bench.clips()).length < clips.length);
    await bench.becomes("normal");
    const { card } = await bench.state();
    assert.ok(card.free >= card.bytes / 10, `${card.free} of ${card.bytes}`);
    const left = await bench.clips();
    assert.equal(left.at(-1)!.cause, "call");
    assert.deepEqual(left, [...clips.slice(0, left.length - 1), clips.at(-1)]);
  }),
});

Deno.test({
  name:
    "B-REC-5: a card that others fill keeps its recordings, is recorded on no more, and goes on once there is room",
  ignore: findFfmpeg() === undefined,
  fn: inTempDir(async () => {
    await using bench = await RecorderPanel.start();
    await bench.call(1);
    await bench.manual(1);
    const clips = await bench.clips();
    await bench.slot({ taken: 31_000_000_000 });
    await bench.becomes("full");
    assert.equal((await bench.ask("POST", "/recording")).body.code, "card-unusable");
    await bench.pass(3 * 60_000, 1_000);
    assert.deepEqual(await bench.clips(), clips);
    await bench.slot({ taken: 0 });
    await bench.becomes("normal");
    await bench.manual(1);
    assert.deepEqual((await bench.clips()).slice(1), clips);
  }),
});

Deno.test({
  name:
    "I-20: what was recorded while the clock was wrong is kept as long as everything else, once it is believed, by its true time",
  ignore: findFfmpeg() === undefined,
  fn: inTempDir(async () => {
    await using bench = await RecorderPanel.start({ keepCallHours: 1, keepOtherHours: 1 });
    for (const days of [-100, 100]) {
      bench.panel.clock.jump(days * 24 * HOUR);
      await bench.pass(60_000, 1_000);
      const began = bench.panel.clock.monotonic();
      const call = await bench.call(1);
      bench.panel.clock.jump(-days * 24 * HOUR);
      const trueTime = () => bench.panel.clock.now() - bench.panel.clock.monotonic() + began;
      await bench.pass(2 * 60_000, 1_000);
      const [clip, ...others] = await bench.clips();
      assert.deepEqual([clip?.call, others.length], [call, 0], `${days} days`);
      assert.ok(Math.abs(clip!.startedAt - trueTime()) < 10_000, new Date(clip!.startedAt).toISOString());
      assert.ok(
        bench.files().some((name) => name.startsWith(new Date(clip!.startedAt).toISOString().slice(0, 10))),
      );
      assert.equal((await bench.fetch(`/clips/${clip!.id}/video`)).status, 200);
      assert.ok((await bench.must<string[]>("GET", "/snapshots")).includes(call));
      await bench.pass(HOUR + 10 * 60_000, 30_000);
      assert.deepEqual(await bench.clips(), []);
    }
  }),
});
