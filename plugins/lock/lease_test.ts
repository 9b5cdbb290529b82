import assert from "node:assert/strict";
import { settle, VirtualClock } from "../../core/testing/virtual_clock.ts";
import { quietLog } from "../testing/bench.ts";
import { HoldOpen } from "./hold_open.ts";

/** A hold whose program dies right after it has looked: no timer of it ever fires. */
async function leasedAt(minute: number, second = 0) {
  const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12, minute, second));
  const leases: number[] = [];
  const hold = new HoldOpen({
    ctx: {
      after: () => () => {},
      clock,
      id: "lock",
      log: quietLog(),
      signal: new AbortController().signal,
    },
    access: { record: () => Promise.resolve({} as never) },
    time: { trusted: () => Promise.resolve(true) },
    releasable: {
      hold: (leaseMs) => Promise.resolve(void leases.push(leaseMs)),
      drop: () => Promise.resolve(),
    },
    accessPoint: "lock",
    schedule: { zone: "UTC", windows: [{ days: ["mon"], from: "12:10", to: "12:20" }] },
  });
  await hold.look();
  await settle();
  return leases;
}

Deno.test("B-REL-7: the output is lent for 10 s at most, and never past the schedule's end", async () => {
  assert.deepEqual(await leasedAt(9, 59), []);
  assert.deepEqual(await leasedAt(10), [10_000]);
  assert.deepEqual(await leasedAt(19, 50), [10_000]);
  assert.deepEqual(await leasedAt(19, 51), [9_000]);
  assert.deepEqual(await leasedAt(19, 59), [1_000]);
  assert.deepEqual(await leasedAt(20), []);
});
