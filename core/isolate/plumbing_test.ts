import assert from "node:assert/strict";
import { settle, VirtualClock } from "../testing/virtual_clock.ts";
import { Calls } from "./calls.ts";
import { Outbox } from "./outbox.ts";
import { Pace } from "./pace.ts";

Deno.test("what is spent too fast waits until there is enough again, and is refused where it ends", async () => {
  const clock = new VirtualClock();
  const pace = new Pace({ clock, perSecond: 10, burst: 5 });
  for (let i = 0; i < 5; i++) assert.equal(pace.spend(1), undefined);
  assert.equal(pace.take(), false);
  let gone = 0;
  for (let i = 0; i < 2; i++) void pace.spend(1)?.then(() => gone++, () => {});
  await clock.advance(99);
  assert.equal(gone, 0);
  await clock.advance(1);
  assert.equal(gone, 1);
  const refused = assert.rejects(pace.spend(100)!, { code: "plugin-stopped" });
  pace.end();
  await refused;
  assert.deepEqual([gone, clock.pending], [1, 0]);
  assert.throws(() => pace.spend(1), { code: "plugin-stopped" });
});

Deno.test("calls end with their answer, in time or not at all, and never more than 64 wait", async () => {
  const clock = new VirtualClock();
  const calls = new Calls(clock);
  const answered = calls.ask((id) => calls.answered(id, "here"));
  assert.equal(await answered, "here");
  const failed = calls.ask((id) => calls.failed(id, { code: "no", message: "No", status: 409 }));
  await assert.rejects(failed, { code: "no", status: 409 });
  const late = assert.rejects(calls.ask(() => {}, 500), { code: "plugin-silent" });
  await clock.advance(500);
  await late;
  const waiting = Array.from({ length: 64 }, () => calls.ask(() => {}).catch(({ code }) => code));
  await assert.rejects(calls.ask(() => {}), { code: "plugin-busy" });
  calls.end(Object.assign(new Error("Gone"), { code: "gone" }) as never);
  assert.deepEqual(new Set(await Promise.all(waiting)), new Set(["gone"]));
  await assert.rejects(calls.ask(() => {}), { code: "gone" });
});

Deno.test("lines leave in order, together, and wait while the other side takes nothing", async () => {
  const batches: string[] = [];
  let release = () => {};
  const outbox = new Outbox((batch) => {
    batches.push(new TextDecoder().decode(batch));
    return new Promise((done) => release = done);
  });
  for (const line of ["a", "b", "c"]) outbox.push(line);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(batches, ["a\nb\nc\n"]);
  for (const line of ["d", "e"]) outbox.push(line);
  assert.equal(batches.length, 1);
  release();
  await settle();
  assert.deepEqual(batches, ["a\nb\nc\n", "d\ne\n"]);
  outbox.end();
  assert.equal(outbox.push("f"), false);
  release();
});

Deno.test("what may be left out is, where 256 messages wait; what may not is refused where 1,024 do", () => {
  const outbox = new Outbox(() => new Promise(() => {}));
  let kept = 0;
  while (outbox.push("event", true)) kept++;
  assert.equal(kept, 256);
  while (kept < 1_024) kept += Number(outbox.push("fact"));
  assert.throws(() => outbox.push("fact"), RangeError);
  const large = new Outbox(() => new Promise(() => {}));
  assert.equal(large.push("x".repeat(3_000_000)), true, "something large is taken where nothing else waits");
  assert.equal(large.push("event", true), false);
});
