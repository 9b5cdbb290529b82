import assert from "node:assert/strict";
import type { Actor, LogRow } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { systemRandom } from "../random.ts";
import { temporaryStore } from "../testing/temporary_store.ts";
import { CallLog } from "./call_log.ts";
import { Calls } from "./calls.ts";
import type { Call } from "./keys.ts";

const anna: Actor = { kind: "person", id: "owner-1", name: "Anna", scopes: [] };
const bruno: Actor = { kind: "monitor", id: "hall", scopes: [] };

function setUp(clock = new VirtualClock(), stored = temporaryStore()) {
  const told: Call[] = [];
  const reports: unknown[] = [];
  const log = new CallLog(stored.store);
  const calls = new Calls({
    log,
    clock,
    random: systemRandom,
    ringMs: 30_000,
    maxMs: 600_000,
    changed: (call) => void told.push(call),
    report: (error) => void reports.push(error),
  });
  const states = () => told.map((call) => `${call.state} ${call.outcome}`);
  return { clock, stored, log, calls, told, states, reports, [Symbol.dispose]: stored[Symbol.dispose] };
}

function released(requestId: string, accessPoint: string, kind: LogRow["kind"] = "release"): LogRow {
  return {
    seq: 1,
    at: 0,
    clockTrusted: true,
    kind,
    accessPoint,
    outcome: kind === "release" ? "released" : "failed",
    reason: null,
    actor: anna,
    via: "app",
    credentialId: null,
    requestId,
    detail: {},
  };
}

const refusedAs = (code: string, status: number) => (error: unknown) => {
  assert.ok(error instanceof LatchkeyError);
  assert.deepEqual([error.code, error.status], [code, status]);
  return true;
};

Deno.test("B-CALL-2: a call rings, is answered and ends, on disk before it is told", async () => {
  using t = setUp();
  const { call, opened } = await t.calls.ring("bell");
  assert.equal(opened, true);
  assert.deepEqual(t.log.get(call.id), call);
  await t.clock.advance(4_000);
  const answered = await t.calls.answer(call.id, anna);
  assert.deepEqual(t.log.get(call.id), answered);
  await t.clock.advance(60_000);
  const ended = await t.calls.end(call.id, anna);
  assert.deepEqual(t.log.get(call.id), ended);
  assert.deepEqual(ended.answeredBy, anna);
  assert.equal(ended.answeredAt! - ended.startedAt, 4_000);
  assert.equal(ended.endedAt! - ended.startedAt, 64_000);
  assert.deepEqual(t.states(), ["ringing open", "answered answered", "ended answered"]);
  assert.equal(await t.calls.current(), undefined);
  assert.equal(t.clock.pending, 0);
});

Deno.test("B-CALL-2: nobody answers for 30 s and the call is missed", async () => {
  using t = setUp();
  const { call } = await t.calls.ring("bell");
  await t.clock.advance(29_999);
  assert.equal((await t.calls.current())?.state, "ringing");
  await t.clock.advance(1);
  assert.deepEqual(t.states(), ["ringing open", "missed missed", "ended missed"]);
  assert.equal(t.log.get(call.id)?.endedAt, call.startedAt + 30_000);
});

Deno.test("B-CALL-2: a press during a call opens none and extends nothing", async () => {
  using t = setUp();
  const { call } = await t.calls.ring("bell");
  await t.clock.advance(20_000);
  const again = await t.calls.ring("bell");
  assert.deepEqual(again, { call, opened: false });
  await t.clock.advance(10_000);
  assert.equal(t.told.at(-1)?.outcome, "missed");
  assert.equal((await t.calls.list()).length, 1);
  assert.equal((await t.calls.ring("bell")).opened, true);
});

Deno.test("B-CALL-2: one side answers; the others are told who", async () => {
  using t = setUp();
  const { call } = await t.calls.ring("bell");
  await t.calls.answer(call.id, anna);
  for (const attempt of [t.calls.answer(call.id, bruno), t.calls.reject(call.id, bruno)]) {
    await assert.rejects(attempt, (error: LatchkeyError) => {
      assert.deepEqual(error.details, { answeredBy: anna });
      assert.match(error.message, /Anna/);
      return refusedAs("call-taken", 409)(error);
    });
  }
  assert.deepEqual(t.log.get(call.id)?.answeredBy, anna);
});

Deno.test("B-CALL-2: a rejected call is over", async () => {
  using t = setUp();
  const { call } = await t.calls.ring("bell");
  await assert.rejects(t.calls.end(call.id, anna), refusedAs("call-ringing", 409));
  await t.calls.reject(call.id, anna);
  assert.deepEqual(t.states(), ["ringing open", "rejected rejected", "ended rejected"]);
  for (const attempt of [t.calls.answer(call.id, anna), t.calls.end(call.id, anna)]) {
    await assert.rejects(attempt, refusedAs("call-over", 409));
  }
  await assert.rejects(t.calls.answer("call-none", anna), refusedAs("call-unknown", 404));
});

Deno.test("B-CALL-2: an answered call that nobody ends is over after its longest time", async () => {
  using t = setUp();
  const { call } = await t.calls.ring("bell");
  await t.calls.answer(call.id, anna);
  await t.clock.advance(599_999);
  assert.equal((await t.calls.current())?.state, "answered");
  await t.clock.advance(1);
  assert.equal(t.log.get(call.id)?.outcome, "answered");
  assert.equal(await t.calls.current(), undefined);
});

Deno.test("B-CALL-3: the log names what was released during a call, once each, and only what opened", async () => {
  using t = setUp();
  t.calls.noteRelease(released("before", "lock"));
  const { call } = await t.calls.ring("bell");
  t.calls.noteRelease(released("a", "lock"));
  t.calls.noteRelease(released("b", "lock"));
  t.calls.noteRelease(released("c", "gate"));
  t.calls.noteRelease(released("c", "gate", "release-failed"));
  await t.calls.answer(call.id, anna);
  await t.calls.end(call.id, anna);
  t.calls.noteRelease(released("after", "gate"));
  assert.deepEqual(t.log.get(call.id)?.released, ["lock"]);
});

Deno.test("B-CALL-3: the list is newest first and goes on from a call", async () => {
  using t = setUp();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { call } = await t.calls.ring("bell");
    ids.unshift(call.id);
    t.clock.jump(-3_600_000);
    await t.calls.reject(call.id, anna);
  }
  const page = await t.calls.list({ limit: 2 });
  assert.deepEqual(page.map((call) => call.id), ids.slice(0, 2));
  const next = await t.calls.list({ before: ids[1], limit: 10 });
  assert.deepEqual(next.map((call) => call.id), ids.slice(2));
  await assert.rejects(t.calls.list({ before: "call-none" }), refusedAs("call-unknown", 404));
});

Deno.test("B-CALL-3: what a killed run left open is closed by the next, with a length it can have had", async () => {
  using first = setUp();
  const { call: rang } = await first.calls.ring("bell");
  first.calls.stop();
  const later = new VirtualClock(first.clock.now() + 86_400_000);
  using second = setUp(later, first.stored);
  assert.deepEqual(second.log.get(rang.id), {
    ...rang,
    state: "ended",
    outcome: "missed",
    endedAt: rang.startedAt + 30_000,
  });
  const { call: talked } = await second.calls.ring("bell");
  const answered = await second.calls.answer(talked.id, anna);
  second.calls.stop();
  const wrongClock = new VirtualClock(0);
  using third = setUp(wrongClock, first.stored);
  assert.equal(third.log.get(talked.id)?.outcome, "interrupted");
  assert.equal(third.log.get(talked.id)?.endedAt, answered.answeredAt);
  assert.equal((await third.calls.ring("bell")).opened, true);
});

Deno.test("a disk that refuses the end of a call does not keep the bell busy", async () => {
  using t = setUp();
  const { call } = await t.calls.ring("bell");
  t.stored.store.exec(
    "CREATE TRIGGER full BEFORE UPDATE ON calls BEGIN SELECT RAISE(ABORT, 'disk full'); END",
  );
  await t.clock.advance(30_000);
  assert.equal(t.reports.length, 1);
  assert.equal(t.told.at(-1)?.state, "ended");
  assert.equal((await t.calls.ring("bell")).opened, true);
  t.stored.store.exec("DROP TRIGGER full");
  using next = setUp(t.clock, t.stored);
  assert.equal(next.log.get(call.id)?.outcome, "missed");
});
