import assert from "node:assert/strict";
import { Broker, send, Subscriber, test } from "./broker.ts";
import { MqttPanel } from "./mqtt_panel.ts";

/** Ids of what the log of access told, oldest first. */
const ids = (house: Subscriber, panel: MqttPanel): string[] =>
  house.of(`${panel.base}/log/access`).map(({ id }) => id);

/** Ids of the rows of releases that the access log holds. */
async function rowIds(panel: MqttPanel): Promise<string[]> {
  return (await panel.rows()).map(({ seq }) => `access-${seq}`);
}

/** Keeps its place at the broker when that is killed, so that it hears all there is to hear. */
const LASTING = ["-c", "-i", "house", "-x", "3600"];

test("I-8: a broker killed with -9: the panel goes on, and what happened meanwhile comes in order when it is back", async () => {
  await using broker = await Broker.start({
    persistent: true,
    settings: ["autosave_on_changes true", "autosave_interval 1"],
  });
  await using panel = await MqttPanel.start({ url: broker.url });
  await using house = await Subscriber.open(broker, `${panel.base}/#`, LASTING);
  await house.on(`${panel.base}/status`);
  await broker.kill();
  for (let n = 0; n < 5; n++) {
    const { outcome } = await panel.release(n % 2 === 0 ? "lock" : "gate");
    assert.equal(outcome, n < 2 ? "released" : "already-released");
  }
  panel.board.setInput("door-contact", true);
  const expected = await rowIds(panel);
  await broker.boot();
  await house.count(`${panel.base}/log/access`, 5);
  assert.deepEqual(ids(house, panel), expected);
  await house.find(
    ({ topic, payload }) => topic === `${panel.base}/state/door-contact` && JSON.parse(payload).open,
    "the door, open",
  );
});

test("B-HOME-1: what a broker has forgotten is told again: states, discovery, that the panel is there", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using before = await Subscriber.open(broker, "#");
  await before.on(panel.discovery);
  await broker.kill();
  await broker.boot();
  await using after = await Subscriber.open(broker, "#");
  for (const topic of [panel.discovery, `${panel.base}/status`, `${panel.base}/state/lock`]) {
    await after.on(topic);
  }
});

test("I-8: a frozen broker keeps no door shut; thawed, it gets everything, in order", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url });
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await house.on(`${panel.base}/status`);
  broker.freeze();
  const outcomes: string[] = [];
  for (let n = 0; n < 20; n++) outcomes.push((await panel.release(n % 2 === 0 ? "lock" : "gate")).outcome);
  await panel.says(/There is no broker/);
  for (let n = 0; n < 20; n++) await panel.release("attic");
  assert.deepEqual(outcomes.slice(0, 2), ["released", "released"]);
  assert.deepEqual(new Set(outcomes.slice(2)), new Set(["already-released"]));
  const expected = await rowIds(panel);
  broker.thaw();
  await house.find(
    ({ topic, payload }) =>
      topic === `${panel.base}/log/access` && JSON.parse(payload).id === expected.at(-1),
    "the last event",
  );
  // What was under way when the connection was given up comes twice, but nothing out of its turn.
  assert.deepEqual([...new Set(ids(house, panel))], expected);
});

test("a backlog of a thousand events comes in order, none lost, none twice", async () => {
  await using broker = await Broker.off();
  await using panel = await MqttPanel.start({ url: broker.url });
  for (let n = 0; n < 1_000; n++) await panel.release("attic");
  await panel.stop();
  await broker.boot();
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await panel.boot();
  await house.count(`${panel.base}/log/access`, 1_000);
  const first = Number(ids(house, panel)[0]!.slice("access-".length));
  assert.deepEqual(ids(house, panel), Array.from({ length: 1_000 }, (_, n) => `access-${first + n}`));
});

test("a backlog survives the panel's end, clean or not: what its journal lost, the access log knows", async () => {
  await using broker = await Broker.off();
  await using panel = await MqttPanel.start({ url: broker.url });
  const made = async (count: number) => {
    for (let n = 0; n < count; n++) await panel.release("attic");
  };
  await made(300);
  await panel.stop();
  await panel.boot();
  await made(300);
  await panel.crash();
  await panel.boot();
  await made(300);
  const last = (await panel.rows()).at(-1)!.seq;
  await panel.crash();
  await broker.boot();
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await panel.boot();
  await house.count(`${panel.base}/log/access`, 900);
  const told = ids(house, panel).map((id) => Number(id.slice("access-".length)));
  assert.deepEqual(told, told.toSorted((a, b) => a - b));
  assert.deepEqual([told.length, new Set(told).size, told.at(-1)], [900, 900, last]);
});

test("beyond the bound the oldest are lost, and how many is told", async () => {
  await using broker = await Broker.off();
  await using panel = await MqttPanel.start({ url: broker.url, keepEvents: 50 });
  for (let n = 0; n < 80; n++) await panel.release("attic");
  const expected = (await rowIds(panel)).slice(-50);
  await panel.stop();
  await broker.boot();
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await panel.boot();
  await house.count(`${panel.base}/log/access`, 50);
  assert.deepEqual(ids(house, panel), expected);
  const facts = JSON.parse((await house.on(`${panel.base}/panel/diagnostics`)).payload);
  assert.equal(facts.eventsLost, 30);
});

test("I-8: a broker that is full lets the panel in when it has room, and gets everything then", async () => {
  await using broker = await Broker.start({ settings: ["max_connections 2"] });
  const other = await Subscriber.open(broker, "other");
  await using house = await Subscriber.open(broker, "latchkey/#");
  await using panel = await MqttPanel.start({ url: broker.url });
  await panel.says(/There is no broker/);
  assert.equal((await panel.release("lock")).outcome, "released");
  for (let n = 0; n < 10; n++) await panel.release("attic");
  await other[Symbol.asyncDispose]();
  await house.count(`${panel.base}/log/access`, 11);
  assert.deepEqual(ids(house, panel), await rowIds(panel));
});

test("I-8: a listener whose queue at the broker is full costs the panel nothing", async () => {
  await using broker = await Broker.start({ settings: ["max_queued_messages 5", "max_inflight_messages 1"] });
  await using panel = await MqttPanel.start({ url: broker.url });
  await using asleep = await Subscriber.open(broker, `${panel.base}/#`);
  await asleep.on(`${panel.base}/status`);
  asleep.freeze();
  for (let n = 0; n < 200; n++) await panel.release("attic");
  const expected = await rowIds(panel);
  await broker.takes(`${panel.base}/log/access`, 200);
  asleep.thaw();
  await asleep.on(`${panel.base}/log/access`);
  await panel.release("lock");
  await asleep.find(
    ({ topic, payload }) => topic === `${panel.base}/state/lock` && payload.includes("true"),
    "released",
  );
  const told = ids(asleep, panel).filter((id) => expected.includes(id));
  assert.ok(told.length < 200, "the broker has dropped some");
  assert.deepEqual(told, told.toSorted((a, b) => expected.indexOf(a) - expected.indexOf(b)));
});

for (const protocol of ["v5", "v3"] as const) {
  test(`an unlock that was sent while the panel was away never opens, kept or queued (${protocol})`, async () => {
    await using broker = await Broker.start({ persistent: true });
    await using panel = await MqttPanel.start({ url: broker.url, releases: ["lock", "gate"], protocol });
    const release = `${panel.base}/release/lock`;
    await using house = await Subscriber.open(broker, `${panel.base}/#`);
    await house.on(`${panel.base}/status`);
    await panel.stop();
    // Somebody has made the broker keep a session in the panel's name, so that it queues for it.
    const id = `latchkey-${panel.base.split("/")[1]}`;
    const session = await Subscriber.open(broker, `${panel.base}/release/+`, [
      "-i",
      id,
      "-c",
      ...(protocol === "v5" ? ["-x", "3600"] : []),
    ]);
    await session[Symbol.asyncDispose]();
    await send(broker, release, { at: panel.now() });
    await send(broker, release, { command: "UNLOCK", at: panel.now() }, ["-r"]);
    await send(broker, `${panel.base}/release/gate`, "OPEN", ["-r"]);
    await broker.stop();
    await broker.boot();
    await panel.boot();
    await using again = await Subscriber.open(broker, `${panel.base}/#`);
    await again.find(
      ({ topic, payload }) => topic === `${panel.base}/status` && payload === "online",
      "online",
    );
    // One that is meant for now shows that what was sent before has been passed over.
    await send(broker, `${panel.base}/release/gate`, { at: panel.now() });
    await again.find(
      ({ topic, payload }) =>
        topic === `${panel.base}/reply/gate` && JSON.parse(payload).outcome === "released",
      "the gate's release",
    );
    assert.deepEqual([panel.pulses("lock"), panel.pulses("gate")], [0, 1]);
    const released = (await panel.rows()).filter(({ outcome }) => outcome === "released");
    assert.deepEqual(released.map(({ accessPoint }) => accessPoint), ["gate"]);
  });
}

test("an unlock that a bridge or its sender kept for a minute never opens", async () => {
  await using broker = await Broker.start();
  await using panel = await MqttPanel.start({ url: broker.url, releases: ["lock"] });
  await using house = await Subscriber.open(broker, `${panel.base}/#`);
  await house.on(`${panel.base}/status`);
  await send(broker, `${panel.base}/release/lock`, { at: panel.now() - 60 });
  const { ok, reason } = JSON.parse((await house.on(`${panel.base}/reply/lock`)).payload);
  assert.deepEqual([ok, reason, panel.pulses("lock")], [false, "stale", 0]);
});
