import assert from "node:assert/strict";
import { assertDiscovery, type DiscoveryMessage } from "../../plugins/mqtt/testing/home_assistant.ts";
import { Broker, send, Subscriber, test } from "./broker.ts";
import { MqttPanel } from "./mqtt_panel.ts";

test("B-HOME-1: a panel on its first broker is found by Home Assistant, with every part as the right entity", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using early = await Subscriber.open(broker, "#");
  await early.on(panel.discovery);
  // Home Assistant starts later, and is told by what the broker has kept.
  await using house = await Subscriber.open(broker, "homeassistant/#");
  const { payload, retain } = await house.on(panel.discovery);
  assert.ok(retain);
  const message = JSON.parse(payload) as DiscoveryMessage;
  assertDiscovery(message);
  const kinds = Object.fromEntries(
    Object.entries(message.cmps).map((
      [key, { p, device_class }],
    ) => [key, [p, device_class].filter(Boolean).join(" ")]),
  );
  assert.deepEqual(kinds, {
    lock: "lock",
    gate: "button",
    "gate-released": "binary_sensor",
    "bell-event": "event doorbell",
    "bell-pressedAt": "sensor timestamp",
    nameplate: "light",
    "nameplate-mode": "select",
    "door-contact-open": "binary_sensor door",
    "door-contact-forced": "binary_sensor problem",
    "door-contact-heldOpen": "binary_sensor problem",
    "tamper-active": "binary_sensor tamper",
    call: "sensor enum",
    access: "event",
    alarm: "event",
    clock: "binary_sensor problem",
    started: "sensor timestamp",
    version: "sensor",
    lost: "sensor",
  });
});

test("B-HOME-1: whoever subscribes later finds the state of each part; what changes is told", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using early = await Subscriber.open(broker, `${panel.base}/#`);
  await early.on(`${panel.base}/status`);
  panel.board.setInput("door-contact", true);
  const door = `${panel.base}/state/door-contact`;
  await early.find(({ topic, payload }) => topic === door && JSON.parse(payload).open, "the door's opening");
  await using late = await Subscriber.open(broker, `${panel.base}/#`);
  await late.on(`${panel.base}/status`);
  assert.deepEqual(late.of(door).map(({ open, forced }) => [open, forced]), [[true, true]]);
  assert.deepEqual(late.of(`${panel.base}/state/lock`), [{ released: false, pulseMs: 700 }]);
  assert.deepEqual(late.of(`${panel.base}/panel/call`), [{ state: "none" }]);
  assert.ok(late.told.every(({ retain }) => retain), "nothing but what is kept");
  assert.deepEqual(early.of(`${panel.base}/log/alarms`).map(({ alarm, event_type }) => [alarm, event_type]), [
    ["door-forced", "raised"],
  ]);
});

test("B-HOME-1: a ring is an event that nobody hears a second time, and a call", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await house.on(`${panel.base}/status`);
  panel.board.press("bell");
  const ring = JSON.parse((await house.on(`${panel.base}/event/bell`)).payload);
  assert.deepEqual([ring.event_type, ring.late], ["ring", false]);
  await house.find(
    ({ topic, payload }) => topic.endsWith("/panel/call") && payload.includes("ringing"),
    "a call",
  );
  await house.on(`${panel.base}/log/calls`);
  await using late = await Subscriber.open(broker, `${panel.base}/#`);
  await late.on(`${panel.base}/status`);
  assert.deepEqual(late.of(`${panel.base}/event/bell`), []);
  assert.deepEqual(late.of(`${panel.base}/panel/call`), [{ state: "ringing" }]);
});

test("the nameplate light is driven, and answers", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await house.on(`${panel.base}/status`);
  await send(broker, `${panel.base}/command/nameplate/set`, { mode: "on", level: 0.4 });
  assert.deepEqual(JSON.parse((await house.on(`${panel.base}/reply/nameplate`)).payload), {
    command: "set",
    id: null,
    ok: true,
  });
  const light = panel.board.state().outputs.find(({ name }) => name === "nameplate");
  assert.equal(light?.level, 0.4);
  await house.find(
    ({ topic, payload }) => topic === `${panel.base}/state/nameplate` && JSON.parse(payload).shown === 0.4,
    "the light's new state",
  );
});

test("nothing opens by MQTT unless the owner says so: the attempt is denied, answered and in the log", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using house = await Subscriber.open(broker, `${panel.base}/reply/+`);
  await using all = await Subscriber.open(broker, `${panel.base}/status`);
  await all.on(`${panel.base}/status`);
  await send(broker, `${panel.base}/release/lock`, { at: panel.now() });
  const { ok, outcome, reason } = JSON.parse((await house.on(`${panel.base}/reply/lock`)).payload);
  assert.deepEqual([ok, outcome, reason, panel.pulses("lock")], [false, "denied", "not-allowed", 0]);
  const [row] = await panel.rows();
  assert.deepEqual([row?.actor.kind, row?.actor.id, row?.actor.name, row?.via, row?.outcome, row?.reason], [
    "service",
    "mqtt",
    "MQTT",
    "integration",
    "denied",
    "not-allowed",
  ]);
});

test("where the owner lets it, a release opens that access point and no other, once however often it is sent", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url, releases: ["lock"] });
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  const reply = `${panel.base}/reply/lock`;
  await house.on(`${panel.base}/status`);
  const wish = { command: "UNLOCK", at: panel.now() };
  await send(broker, `${panel.base}/release/lock`, wish);
  await house.on(reply);
  assert.equal(panel.pulses("lock"), 1);
  await house.find(
    ({ topic, payload }) => topic === `${panel.base}/state/lock` && payload.includes("true"),
    "released",
  );
  // Sent twice by a sender that missed the acknowledgement, and again when the pulse is over.
  await send(broker, `${panel.base}/release/lock`, wish);
  await house.find(({ topic, payload }) =>
    topic === `${panel.base}/log/access` && payload.includes("released")
  );
  await house.count(`${panel.base}/state/lock`, 3);
  await send(broker, `${panel.base}/release/lock`, wish);
  await house.count(reply, 3);
  await send(broker, `${panel.base}/release/gate`, { at: panel.now() });
  await house.on(`${panel.base}/reply/gate`);
  assert.deepEqual(house.of(reply).map(({ outcome, repeated }) => [outcome, repeated]), [
    ["released", false],
    ["released", true],
    ["released", true],
  ]);
  assert.deepEqual([panel.pulses("lock"), panel.pulses("gate")], [1, 0]);
  await panel.stop();
  await panel.boot();
  // It speaks to nobody before it says so.
  await house.count(`${panel.base}/status`, 3);
  await send(broker, `${panel.base}/release/lock`, wish);
  await house.count(reply, 4);
  assert.deepEqual([house.of(reply)[3].repeated, panel.pulses("lock")], [true, 1], "nor after a restart");
});

test("the broker says that the panel is gone when it dies, and the panel itself when it stops", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  const status = `${panel.base}/status`;
  await using house = await Subscriber.open(broker, status);
  await house.on(status);
  await panel.crash();
  await house.count(status, 2);
  await panel.boot();
  await house.count(status, 3);
  await panel.stop();
  await house.count(status, 4);
  assert.deepEqual(house.of(status), ["online", "offline", "online", "offline"]);
});

test("Home Assistant that starts anew is told anew", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using house = await Subscriber.open(broker, panel.discovery);
  await house.count(panel.discovery, 1);
  await send(broker, "homeassistant/status", "online");
  await house.count(panel.discovery, 2);
});
