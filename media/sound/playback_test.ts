import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { SILENCE } from "./opus.ts";
import { lengthMs, playBack } from "./playback.ts";

Deno.test("packets are handed on as fast as they are heard, and the end is told once the last was", async () => {
  const clock = new VirtualClock();
  const packets = Array.from({ length: 50 }, () => SILENCE);
  assert.equal(lengthMs(packets), 1_000);
  const told: number[] = [];
  let done = 0;
  playBack(packets, clock, () => told.push(clock.monotonic()), () => void done++);
  await clock.advance(500);
  assert.ok(told.length >= 25 && told.length <= 27, `${told.length} packets`);
  await clock.advance(490);
  assert.deepEqual([told.length, done], [50, 0]);
  await clock.advance(20);
  assert.deepEqual([done, clock.pending], [1, 0]);
});

Deno.test("one that is ended hands on nothing more", async () => {
  const clock = new VirtualClock();
  let [told, done] = [0, 0];
  const end = playBack([SILENCE, SILENCE, SILENCE], clock, () => void told++, () => void done++);
  end();
  await clock.advance(1_000);
  assert.deepEqual([told, done, clock.pending], [1, 0, 0]);
});
