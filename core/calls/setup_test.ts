import assert from "node:assert/strict";
import { accessLogged } from "../access/keys.ts";
import type { Actor } from "../access/model.ts";
import { createLog } from "../log.ts";
import { Host } from "../plugin/host.ts";
import { systemRandom } from "../random.ts";
import { memoryStore } from "../testing/memory_store.ts";
import { temporaryStore } from "../testing/temporary_store.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { type Call, callChanged, callService } from "./keys.ts";
import { setupCalls } from "./setup.ts";

const anna: Actor = { kind: "person", id: "owner-1", name: "Anna", scopes: [] };

Deno.test("B-CALL-3: a release that the access log tells of is noted on the call, and listeners hear it", async () => {
  using stored = temporaryStore();
  const clock = new VirtualClock();
  const log = createLog({ level: "error", now: () => clock.now(), sink: () => {} });
  const host = new Host({ clock, log, storeFor: memoryStore(), serve: () => () => {} });
  const heard: Call[] = [];
  setupCalls(host.core, { store: stored.store, random: systemRandom, ringMs: 5_000 });
  host.core.on(callChanged, (call) => void heard.push(call));
  const calls = host.core.use(callService);

  const { call } = await calls.ring("bell");
  host.core.emit(accessLogged, {
    seq: 1,
    at: clock.now(),
    clockTrusted: true,
    kind: "release",
    accessPoint: "lock",
    outcome: "released",
    reason: "granted",
    actor: anna,
    via: "app",
    credentialId: null,
    requestId: "r1",
    detail: {},
  });
  assert.deepEqual(heard.at(-1), { ...call, released: ["lock"] });
  await clock.advance(5_000);
  assert.deepEqual((await calls.list())[0], heard.at(-1));
  assert.equal(heard.at(-1)?.outcome, "missed");

  await calls.ring("bell");
  await host.stop();
  assert.equal(clock.pending, 0);
});
