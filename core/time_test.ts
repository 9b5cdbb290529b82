import assert from "node:assert/strict";
import { createLog } from "./log.ts";
import { Host } from "./plugin/host.ts";
import { memoryStore } from "./testing/memory_store.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";
import { setupTime, timeService } from "./time.ts";

function timeOf(zone: string | undefined, trusted: () => boolean = () => true) {
  const clock = new VirtualClock();
  const log = createLog({ level: "error", now: () => clock.now(), sink() {} });
  const { core } = new Host({ clock, log, storeFor: memoryStore(), serve: () => () => {} });
  setupTime(core, { zone, trust: { trusted } });
  return core.use(timeService);
}

Deno.test("schedules are in the configured zone, or in the machine's", async () => {
  assert.equal(await timeOf("Asia/Kathmandu").zone(), "Asia/Kathmandu");
  assert.equal(await timeOf(undefined).zone(), new Intl.DateTimeFormat().resolvedOptions().timeZone);
});

Deno.test("whether the clock is believed is asked each time", async () => {
  let trusted = true;
  const time = timeOf("Europe/Rome", () => trusted);
  assert.equal(await time.trusted(), true);
  trusted = false;
  assert.equal(await time.trusted(), false);
});
