import assert from "node:assert/strict";
import { partChanged, partOccurred, partsPoint } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { OWNER, provideAll, startBench } from "../testing/bench.ts";
import { bridge } from "./bridge.ts";
import mqtt from "./mod.ts";
import { FakeBroker } from "./testing/fake_link.ts";
import { BASE, bridgeBench, DISCOVERY, PANEL_ID } from "./testing/panel.ts";
import { providePanel } from "../testing/panel.ts";
import { bell, camera, door, lamp } from "./testing/parts.ts";

Deno.test("without a broker it connects to nothing and lets nothing in", async () => {
  const broker = new FakeBroker();
  const { status, host } = await startBench(bridge(broker.open), { provide: providePanel });
  assert.equal(status()?.state, "running");
  assert.deepEqual([broker.attempts, host.effects()["mqtt"]], [0, ["provide broker"]]);
});

Deno.test("I-8: it runs at once where the broker is not there, says nothing, or its login can't be read", async () => {
  for (const mood of ["refuses", "silent"] as const) {
    const { status, broker } = await bridgeBench({ mood });
    assert.deepEqual([status()?.state, broker.attempts], ["running", 1]);
  }
  const { status, lines } = await bridgeBench({
    settings: { user: "panel", passwordFile: "/nonexistent/p" },
  });
  assert.equal(status()?.state, "running");
  assert.match(JSON.stringify(lines), /passwordFile .*nonexistent/);
});

Deno.test("it introduces itself with its id, its last will and what it wants to hear, and says that it is there", async () => {
  const { broker } = await bridgeBench();
  const { clientId, will, subscriptions } = broker.options!;
  assert.equal(clientId, `latchkey-${PANEL_ID}`);
  assert.deepEqual(will, { topic: `${BASE}/status`, payload: "offline" });
  assert.deepEqual(subscriptions, [`${BASE}/command/+/+`, `${BASE}/release/+`, "homeassistant/status"]);
  assert.deepEqual(broker.link.said.at(-1), { topic: `${BASE}/status`, payload: "online", retain: true });
});

Deno.test("a stop says that the panel is gone", async () => {
  const { broker, host } = await bridgeBench();
  await host.halt("mqtt");
  assert.deepEqual(broker.link.said.at(-1), { topic: `${BASE}/status`, payload: "offline", retain: true });
});

Deno.test("the state of each part is kept by the broker, the newest only, and told again to the next connection", async () => {
  const { broker, core, clock } = await bridgeBench({ parts: [door()] });
  const topic = `${BASE}/state/door`;
  assert.deepEqual(broker.link.said.filter((said) => said.topic === topic), [
    { topic, payload: '{"open":false}', retain: true },
  ]);
  broker.link.end("lost");
  for (const open of [true, false, true]) core.emit(partChanged, { id: "door", state: { open } });
  await clock.advance(1_000);
  assert.deepEqual(
    broker.link.said.filter((said) => said.topic === topic).map(({ payload }) => payload),
    ['{"open":true}'],
  );
});

Deno.test("a part that changes while its first state is asked for is told as it is", async () => {
  let answer = (_: { open: boolean }) => {};
  const slow = { ...door(), state: () => new Promise<{ open: boolean }>((done) => answer = done) };
  const { broker, core, clock } = await bridgeBench({ parts: [slow] });
  core.emit(partChanged, { id: "door", state: { open: true } });
  answer({ open: false });
  await clock.advance(0);
  assert.deepEqual(broker.link.last(`${BASE}/state/door`), { open: true });
});

Deno.test("what happens to a part is told once and not kept; of a part that is not there, nothing", async () => {
  const { broker, core, clock } = await bridgeBench({ parts: [bell()] });
  const at = clock.now();
  core.emit(partOccurred, { id: "bell", type: "ring", at });
  core.emit(partOccurred, { id: "other", type: "ring", at });
  await clock.advance(0);
  const rings = broker.link.said.filter(({ topic }) => topic.includes("/event/"));
  assert.deepEqual(rings.map(({ topic, retain }) => [topic, retain]), [[`${BASE}/event/bell`, false]]);
  const { id, ...ring } = JSON.parse(rings[0]!.payload);
  assert.deepEqual(ring, { event_type: "ring", at: new Date(at).toISOString(), late: false });
  assert.match(id, /^[0-9a-f]{32}$/);
});

Deno.test("I-8: a broker that acknowledges nothing is sent a few messages and no more, whatever happens", async () => {
  const { broker, core, clock, access, status } = await bridgeBench({ parts: [bell(), door()] });
  await clock.advance(2_000);
  broker.link.acknowledges = false;
  const before = broker.link.said.length;
  for (let n = 0; n < 3_000; n++) {
    core.emit(partOccurred, { id: "bell", type: "ring", at: clock.now() });
    core.emit(partChanged, { id: "door", state: { open: n % 2 === 0 } });
    await access.record({ kind: "release", outcome: "denied", actor: OWNER, via: "app" });
  }
  await clock.advance(10_000);
  // Ten events and one state are under way.
  assert.equal(broker.link.said.length - before, 11);
  assert.deepEqual([status()?.state, status()?.errors], ["running", 0]);
});

Deno.test("calls are told as they go, and whether there is one is kept", async () => {
  const { broker, calls, clock } = await bridgeBench();
  assert.deepEqual(broker.link.last(`${BASE}/panel/call`), { state: "none" });
  await calls.ring("bell");
  await clock.advance(0);
  assert.deepEqual(broker.link.last(`${BASE}/panel/call`), { state: "ringing" });
  calls.become("missed");
  await clock.advance(0);
  assert.deepEqual(broker.link.last(`${BASE}/panel/call`), { state: "none" });
  const told = broker.link.said.filter(({ topic }) => topic === `${BASE}/log/calls`);
  assert.deepEqual(told.map(({ payload }) => JSON.parse(payload).event_type), ["ringing", "missed"]);
});

Deno.test("how the panel is, is told when it changes: its clock, its version, since when it runs", async () => {
  const { broker, time, access, clock } = await bridgeBench();
  const topic = `${BASE}/panel/diagnostics`;
  const startedAt = clock.now();
  assert.deepEqual(broker.link.last(topic), {
    version: "1.2.3",
    startedAt,
    clockTrusted: true,
    eventsLost: 0,
  });
  time.isTrusted = false;
  await access.record({
    kind: "clock",
    outcome: "untrusted",
    actor: { kind: "system", id: "core", scopes: [] },
    via: "api",
  });
  await clock.advance(0);
  assert.deepEqual(broker.link.last(topic), {
    version: "1.2.3",
    startedAt,
    clockTrusted: false,
    eventsLost: 0,
  });
  await clock.advance(2_000);
  const before = broker.link.said.length;
  await clock.advance(600_000);
  assert.equal(broker.link.said.length, before);
});

Deno.test("start, stop and start of mqtt leaves nothing behind", async () => {
  const broker = new FakeBroker();
  const services: Parameters<typeof checkLifecycle>[0]["services"] = (core, clock) => {
    provideAll(core, clock);
    providePanel(core);
    for (const part of [bell(), camera(), door(), lamp()]) core.contribute(partsPoint, part);
  };
  await checkLifecycle({
    plugin: bridge(broker.open),
    config: { url: "mqtt://broker.home", releases: ["lock"], pictures: true },
    services,
    exercise: async (core, clock) => {
      core.emit(partOccurred, { id: "bell", type: "ring", at: clock.now() });
      await clock.advance(2_000);
      assert.ok(broker.link.last(DISCOVERY));
      broker.link.end("lost");
      core.emit(partOccurred, { id: "bell", type: "ring", at: clock.now() });
      await clock.advance(10);
    },
  });
  await checkLifecycle({ plugin: mqtt, services });
});
