import assert from "node:assert/strict";
import { definePlugin, type Part, partsPoint } from "../../core/mod.ts";
import { assertDiscovery, type DiscoveryMessage } from "./testing/home_assistant.ts";
import { BASE, bridgeBench, type BridgeBenchOptions, DISCOVERY, PANEL_ID } from "./testing/panel.ts";
import { bell, button, camera, door, lamp, releasable, weather } from "./testing/parts.ts";

async function discovered(options: BridgeBenchOptions = {}) {
  const bench = await bridgeBench(options);
  await bench.clock.advance(1_000);
  const message = () => bench.broker.link.last(DISCOVERY) as DiscoveryMessage;
  return { ...bench, message, kinds: () => kindsOf(message()) };
}

const kindsOf = ({ cmps }: DiscoveryMessage) =>
  Object.fromEntries(Object.entries(cmps).map(([key, { p }]) => [key, p]));

const ALL = () => [
  bell(),
  button(),
  door(),
  lamp(),
  releasable("lock", "lock"),
  releasable("gate", "gate"),
  weather(),
];

const PANEL = {
  call: "sensor",
  access: "event",
  alarm: "event",
  clock: "binary_sensor",
  started: "sensor",
  version: "sensor",
  lost: "sensor",
};

Deno.test("B-HOME-1: each kind of part, value and event is the right entity, with the keys that are documented for it", async () => {
  const { message, kinds, broker } = await discovered({ parts: ALL(), settings: { holders: true } });
  assertDiscovery(message());
  assert.deepEqual(kinds(), {
    ...PANEL,
    badge: "sensor",
    "bell-event": "event",
    "bell-pressedAt": "sensor",
    restart: "button",
    "door-open": "binary_sensor",
    lamp: "light",
    "lamp-mode": "select",
    lock: "lock",
    gate: "button",
    "gate-released": "binary_sensor",
    "weather-text": "sensor",
    "weather-seen": "sensor",
    "weather-wet": "binary_sensor",
    "weather-sky": "sensor",
    "weather-degrees": "sensor",
    "weather-quiet": "switch",
    "weather-range": "number",
    "weather-level": "select",
  });
  const { cmps, dev } = message();
  assert.deepEqual(dev, {
    ids: [`latchkey_${PANEL_ID}`],
    name: "Front door",
    mf: "Latchkey",
    mdl: "Door panel",
    sw: "1.2.3",
    sn: PANEL_ID,
  });
  assert.equal(cmps["bell-event"]?.["device_class"], "doorbell");
  assert.equal(cmps["door-open"]?.["device_class"], "door");
  assert.equal(cmps["lock"]?.["command_topic"], `${BASE}/release/lock`);
  assert.equal(cmps["lamp"]?.["command_topic"], `${BASE}/command/lamp/set`);
  assert.equal(message()["availability_topic"], `${BASE}/status`);
  assert.ok(broker.link.said.filter(({ topic }) => topic === DISCOVERY).every(({ retain }) => retain));
});

Deno.test("an entity that is called as the panel is has no name of its own beside it", async () => {
  const { message } = await discovered({
    parts: [{ ...releasable("lock", "lock"), name: "Front door" }, bell()],
  });
  const names = Object.fromEntries(Object.entries(message().cmps).map(([key, { name }]) => [key, name]));
  assert.deepEqual([names["lock"], names["bell-event"]], [null, "Bell"]);
});

Deno.test("every topic that an entity listens to is one that the panel tells, but for what has not happened", async () => {
  const { message, broker } = await discovered({ parts: ALL() });
  const told = new Set(broker.link.said.map(({ topic }) => topic));
  const untold = Object.values(message().cmps).map((entity) => entity["state_topic"])
    .filter((topic) => topic !== undefined && !told.has(String(topic)));
  assert.deepEqual([...new Set(untold)].toSorted(), [
    `${BASE}/event/bell`,
    `${BASE}/log/access`,
    `${BASE}/log/alarms`,
  ]);
});

Deno.test("what a camera sees is an image, with a button that asks for a new one, where the owner wants it", async () => {
  const { message, kinds } = await discovered({ parts: [camera()], settings: { pictures: true } });
  assertDiscovery(message());
  assert.deepEqual(kinds(), {
    ...PANEL,
    "camera-picture": "image",
    "camera-take-picture": "button",
    "camera-event": "event",
  });
  const { "camera-picture": image, "camera-take-picture": button } = message().cmps;
  assert.deepEqual([image?.["image_topic"], image?.["content_type"], image?.["image_encoding"]], [
    `${BASE}/picture/camera`,
    "image/jpeg",
    undefined,
  ]);
  assert.deepEqual([button?.["command_topic"], button?.["payload_press"]], [
    `${BASE}/command/camera/picture`,
    "{}",
  ]);
  assert.deepEqual((await discovered({ parts: [camera()] })).kinds(), { ...PANEL, "camera-event": "event" });
});

Deno.test("who was the last at the reader is no entity unless the owner wants it", async () => {
  const { kinds } = await discovered();
  assert.deepEqual(kinds(), PANEL);
});

Deno.test("a button that opens is switched off in Home Assistant unless the owner lets it", async () => {
  const gate = releasable("gate", "gate");
  const { message } = await discovered({ parts: [gate] });
  assert.equal(message().cmps["gate"]?.["enabled_by_default"], false);
  const allowed = await discovered({ parts: [gate], settings: { releases: ["gate"] } });
  assert.equal(allowed.message().cmps["gate"]?.["enabled_by_default"], true);
});

Deno.test("when Home Assistant starts it is told again, and of nothing else that it says", async () => {
  const { broker, clock } = await discovered({ parts: [door()] });
  const times = () => broker.link.said.filter(({ topic }) => topic === DISCOVERY).length;
  assert.equal(times(), 1);
  await broker.send("homeassistant/status", "offline");
  await clock.advance(5_000);
  assert.equal(times(), 1);
  await broker.send("homeassistant/status", "online");
  await clock.advance(1_000);
  assert.equal(times(), 2);
});

const plugin = (part: Part) =>
  definePlugin({ id: "shed", api: 1, setup: (ctx) => void ctx.contribute(partsPoint, part) });

Deno.test("a part that comes is told of, one that goes is taken away, first by its kind alone, with its state", async () => {
  const { host, message, kinds, clock, broker } = await discovered();
  host.add(plugin(door()), {});
  await clock.advance(1_000);
  assert.equal(kinds()["door-open"], "binary_sensor");
  await host.halt("shed");
  await clock.advance(1_000);
  assert.deepEqual(message().cmps["door-open"], { p: "binary_sensor" });
  assert.equal(broker.link.last(`${BASE}/state/door`), "");
  await clock.advance(5_000);
  assert.deepEqual(kinds(), PANEL);
});

Deno.test("a plugin that restarts with other settings takes nothing away", async () => {
  const { host, broker, clock } = await discovered();
  host.add(plugin(door()), {});
  await clock.advance(1_000);
  const before = broker.link.said.length;
  await host.restart("shed");
  await clock.advance(60_000);
  assert.deepEqual(broker.link.said.slice(before).filter(({ payload }) => payload === ""), []);
  assert.ok(!broker.link.said.some(({ payload }) => payload.includes('"door-open":{"p":"binary_sensor"}')));
});

Deno.test("what went while the broker was away is taken away when it is back", async () => {
  const { host, broker, message, kinds, clock } = await discovered();
  host.add(plugin(door()), {});
  await clock.advance(1_000);
  broker.mood = "refuses";
  broker.link.end("lost");
  await host.halt("shed");
  await clock.advance(120_000);
  broker.mood = "well";
  const before = broker.links.length;
  while (broker.links.length === before) await clock.advance(1_000);
  await clock.advance(0);
  assert.deepEqual(message().cmps["door-open"], { p: "binary_sensor" });
  assert.equal(broker.link.last(`${BASE}/state/door`), "");
  await clock.advance(10_000);
  assert.deepEqual(kinds(), PANEL);
});

Deno.test("what went while the panel was off is taken away at its next start, and a message elsewhere too", async () => {
  const { host, broker, clock } = await discovered();
  host.add(plugin(door()), {});
  await clock.advance(1_000);
  await host.halt("mqtt");
  await host.halt("shed");
  const config = { url: "mqtt://broker.home", discoveryPrefix: "ha", baseTopic: "house" };
  await host.restart("mqtt", config);
  await clock.advance(10_000);
  assert.equal(broker.link.last(DISCOVERY), "");
  for (const topic of ["status", "state/door", "panel/call", "panel/diagnostics"]) {
    assert.equal(broker.link.last(`${BASE}/${topic}`), "", topic);
  }
  assertDiscovery(broker.link.last(`ha/device/${PANEL_ID}/config`) as DiscoveryMessage);
  await host.restart("mqtt", { ...config, discovery: false });
  await clock.advance(10_000);
  assert.equal(broker.link.last(`ha/device/${PANEL_ID}/config`), "");
  assert.equal(broker.link.last("house/status"), "online");
});

Deno.test("what went, and the broker has not heard of when the panel stops, is taken away at its next start", async () => {
  const { host, broker, message, clock } = await discovered();
  host.add(plugin(door()), {});
  await clock.advance(1_000);
  broker.mood = "refuses";
  broker.link.end("lost");
  await host.halt("shed");
  await clock.advance(60_000);
  await host.halt("mqtt");
  broker.mood = "well";
  await host.restart("mqtt");
  await clock.advance(1_000);
  assert.deepEqual(message().cmps["door-open"], { p: "binary_sensor" });
  assert.equal(broker.link.last(`${BASE}/state/door`), "");
});
