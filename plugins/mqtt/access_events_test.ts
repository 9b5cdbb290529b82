import assert from "node:assert/strict";
import type { LogEntry } from "../../core/mod.ts";
import { memoryStore } from "../../core/testing/memory_store.ts";
import { BASE, bridgeBench, type BridgeBenchOptions } from "./testing/panel.ts";

const ANNA: LogEntry = {
  kind: "release",
  outcome: "released",
  reason: "granted",
  accessPoint: "lock",
  actor: { kind: "card", id: "card-1", name: "Anna", scopes: [] },
  via: "reader",
  detail: { holderName: "Anna", lastDigits: "B2C3" },
};

async function bench(options: BridgeBenchOptions = {}) {
  const made = await bridgeBench(options);
  const told = (log: "access" | "alarms") =>
    made.broker.links.flatMap(({ said }) => said).filter(({ topic }) => topic === `${BASE}/log/${log}`)
      .map(({ payload }) => JSON.parse(payload));
  return { ...made, told };
}

Deno.test("what doors and alarms do is told with the log row's number as its id, without a name", async () => {
  const { access, clock, told } = await bench();
  await access.record(ANNA);
  await access.record({ ...ANNA, outcome: "denied", reason: "expired" });
  await access.record({
    kind: "release-failed",
    outcome: "failed",
    accessPoint: "gate",
    actor: ANNA.actor,
    via: "app",
  });
  await access.record({
    kind: "hold-open",
    outcome: "ended",
    accessPoint: "lock",
    actor: { kind: "schedule", id: "lock", scopes: [] },
    via: "schedule",
    detail: { why: "schedule" },
  });
  await access.record({
    kind: "alarm",
    outcome: "raised",
    accessPoint: "lock",
    actor: { kind: "plugin", id: "x", scopes: [] },
    via: "plugin",
    detail: { alarm: "door-forced" },
  });
  await clock.advance(0);
  const at = new Date(clock.now()).toISOString();
  const common = { at, late: false };
  assert.deepEqual(told("access"), [
    {
      event_type: "released",
      access_point: "lock",
      reason: "granted",
      via: "reader",
      by: "card",
      id: "access-1",
      ...common,
    },
    {
      event_type: "denied",
      access_point: "lock",
      reason: "expired",
      via: "reader",
      by: "card",
      id: "access-2",
      ...common,
    },
    {
      event_type: "failed",
      access_point: "gate",
      reason: null,
      via: "app",
      by: "card",
      id: "access-3",
      ...common,
    },
    {
      event_type: "ended",
      access_point: "lock",
      via: "schedule",
      why: "schedule",
      id: "access-4",
      ...common,
    },
  ]);
  assert.deepEqual(told("alarms"), [
    { event_type: "raised", alarm: "door-forced", access_point: "lock", id: "access-5", ...common },
  ]);
});

Deno.test("of cards, people and settings nothing is told", async () => {
  const { access, broker, clock } = await bench();
  const before = broker.link.said.length;
  for (const kind of ["card-added", "member-removed", "settings", "claim", "code-added", "system"] as const) {
    await access.record({
      kind,
      outcome: "changed",
      actor: ANNA.actor,
      via: "app",
      detail: { name: "Anna" },
    });
  }
  await clock.advance(0);
  assert.equal(broker.link.said.length, before);
});

Deno.test("I-27: no name is told unless the owner wants it; then that of the badge, and who was the last", async () => {
  const secret = await bench();
  await secret.access.record(ANNA);
  await secret.clock.advance(2_000);
  assert.doesNotMatch(JSON.stringify(secret.broker.link.said), /Anna|B2C3/);

  const { access, broker, clock, told } = await bench({ settings: { holders: true } });
  assert.deepEqual(broker.link.last(`${BASE}/panel/badge`), { holder: null, access_point: null, at: null });
  await access.record(ANNA);
  await access.record({
    ...ANNA,
    actor: { ...ANNA.actor, name: "Bruno" },
    outcome: "denied",
    reason: "expired",
  });
  await access.record({
    ...ANNA,
    actor: { kind: "person", id: "member-1", name: "Carla", scopes: [] },
    via: "app",
  });
  await clock.advance(0);
  assert.deepEqual(broker.link.last(`${BASE}/panel/badge`), {
    holder: "Anna",
    access_point: "lock",
    at: new Date(clock.now()).toISOString(),
  });
  assert.deepEqual(told("access").map(({ holder }) => holder), ["Anna", "Bruno", undefined]);
  assert.doesNotMatch(JSON.stringify(broker.link.said), /Carla|B2C3/);
});

Deno.test("I-27: names that waited for the broker when the owner stopped wanting them told are not told", async () => {
  const storeFor = memoryStore();
  const first = await bench({ settings: { holders: true }, mood: "refuses", storeFor });
  await first.access.record(ANNA);
  await first.clock.advance(1_000);
  await first.host.stop();
  const { broker, clock, told } = await bench({ storeFor, before: ({ access }) => void access.record(ANNA) });
  await clock.advance(1_000);
  assert.deepEqual(told("access").map(({ id }) => id), ["access-1"]);
  assert.doesNotMatch(JSON.stringify(broker.link.said), /Anna/);
});

Deno.test("who was the last is known after a restart", async () => {
  const { broker } = await bench({
    settings: { holders: true },
    before: ({ access }) => void access.record(ANNA),
  });
  assert.equal((broker.link.last(`${BASE}/panel/badge`) as { holder: string }).holder, "Anna");
});

Deno.test("the first start tells nothing of what was before it", async () => {
  const { told, clock } = await bench({ before: ({ access }) => void access.record(ANNA) });
  await clock.advance(1_000);
  assert.deepEqual(told("access"), []);
});

Deno.test("what the log got while the bridge was not there is told when it is, once and in order", async () => {
  const { access, host, clock, told } = await bench();
  await access.record(ANNA);
  await clock.advance(0);
  await host.halt("mqtt");
  for (let n = 0; n < 700; n++) await access.record(ANNA);
  await access.record({ ...ANNA, kind: "settings", outcome: "changed" });
  await host.restart("mqtt");
  await access.record(ANNA);
  await clock.advance(0);
  const ids = told("access").map(({ id }) => id);
  const expected = Array.from({ length: 701 }, (_, n) => `access-${n + 1}`);
  assert.deepEqual(ids, [...expected, "access-703"]);
  await host.restart("mqtt");
  await clock.advance(1_000);
  assert.equal(told("access").length, 702);
});

Deno.test("of what the log got meanwhile, no more is told than is kept", async () => {
  const { access, host, clock, told } = await bench({ settings: { keepEvents: 20 } });
  await host.halt("mqtt");
  for (let n = 0; n < 600; n++) await access.record(ANNA);
  await host.restart("mqtt");
  await clock.advance(0);
  const ids = told("access").map(({ id }) => id);
  assert.deepEqual(ids, Array.from({ length: 20 }, (_, n) => `access-${n + 581}`));
});

Deno.test("a log that is older than what was told, as after a restore, is followed from its end", async () => {
  const { access, host, clock, told } = await bench();
  for (let n = 0; n < 5; n++) await access.record(ANNA);
  await host.halt("mqtt");
  access.rows.splice(2);
  await host.restart("mqtt");
  await access.record(ANNA);
  await clock.advance(0);
  assert.deepEqual(told("access").slice(5).map(({ id }) => id), ["access-3"]);
});
