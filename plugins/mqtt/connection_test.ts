import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { quietLog } from "../testing/bench.ts";
import { Connection } from "./connection.ts";
import type { Publish } from "./lane.ts";
import { FakeBroker } from "./testing/fake_link.ts";

function connect(mood: FakeBroker["mood"] = "well", window = 16) {
  const clock = new VirtualClock();
  const broker = new FakeBroker();
  broker.mood = mood;
  broker.window = window;
  const told: string[] = [];
  let publish: Publish | undefined;
  const connection = new Connection({
    ctx: { clock, log: quietLog() },
    open: (signal) => broker.open({ signal } as Parameters<FakeBroker["open"]>[0]),
    up(next) {
      publish = next;
      told.push("up");
    },
    down: () => void told.push("down"),
    farewell: (publish) => publish("status", "offline", true),
  });
  connection.start();
  return { clock, broker, told, connection, publish: () => publish! };
}

Deno.test("a broker that is not there is tried again after pauses that double up to a minute", async () => {
  const { clock, broker, connection } = connect("refuses");
  const pauses: number[] = [];
  await clock.advance(0);
  for (let tries = 1; tries <= 8; tries++) {
    const since = clock.monotonic();
    while (broker.attempts === tries) await clock.advance(500);
    pauses.push(clock.monotonic() - since);
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  await connection.stop();
  assert.equal(clock.pending, 0);
});

Deno.test("I-8: an attempt that comes to no end is given up, and the next one made", async () => {
  const { clock, broker, connection } = connect("silent");
  await clock.advance(15_999);
  assert.equal(broker.attempts, 1);
  await clock.advance(1);
  assert.equal(broker.attempts, 2);
  await connection.stop();
  assert.equal(clock.pending, 0);
});

Deno.test("who listens is told of each connection and its end; one that held makes the next pause short", async () => {
  const { clock, broker, told, connection } = connect();
  await clock.advance(10_000);
  broker.link.end("lost");
  await clock.advance(1_000);
  broker.link.end("lost");
  await clock.advance(1_999);
  assert.deepEqual(told, ["up", "down", "up", "down"]);
  await clock.advance(1 + 30_000);
  broker.link.end("lost");
  await clock.advance(1_000);
  assert.deepEqual(told, ["up", "down", "up", "down", "up", "down", "up"]);
  await connection.stop();
});

Deno.test("a stop says the last words and leaves; what comes to no end is cut", async () => {
  const polite = connect();
  await polite.clock.advance(0);
  await polite.connection.stop();
  assert.deepEqual(polite.broker.link.said, [{ topic: "status", payload: "offline", retain: true }]);
  assert.equal(polite.broker.link.closed, "politely");
  assert.equal(polite.clock.pending, 0);

  const { clock, broker, connection } = connect();
  await clock.advance(0);
  broker.link.acknowledges = false;
  const stopping = connection.stop();
  await clock.advance(1_000);
  await stopping;
  assert.equal(broker.link.closed, "at once");
  await clock.advance(120_000);
  assert.deepEqual([broker.attempts, clock.pending], [1, 0]);
});

Deno.test("a stop while it is being connected leaves nothing behind", async () => {
  const { clock, broker, told, connection } = connect();
  await connection.stop();
  await clock.advance(60_000);
  assert.deepEqual([told, broker.link.closed, broker.attempts], [[], "politely", 1]);
});

Deno.test("no more is under way than the broker takes; the rest waits in order", async () => {
  const { clock, broker, publish, connection } = connect("well", 2);
  await clock.advance(0);
  const { link } = broker;
  link.acknowledges = false;
  const done: number[] = [];
  for (let n = 0; n < 5; n++) publish()("t", String(n), false).then(() => done.push(n));
  await clock.advance(0);
  const said = () => link.said.map(({ payload }) => payload).join("");
  assert.equal(said(), "01");
  link.acknowledge();
  await clock.advance(0);
  assert.deepEqual([said(), done], ["012", [0]]);
  link.acknowledge(2);
  await clock.advance(0);
  assert.deepEqual([said(), done], ["01234", [0, 1, 2]]);
  link.acknowledge(2);
  link.acknowledges = true;
  await clock.advance(0);
  await connection.stop();
});

Deno.test("I-8: a broker that acknowledges nothing for 20 s is left; whoever waited is told", async () => {
  const { clock, broker, publish } = connect("well", 1);
  await clock.advance(0);
  broker.link.acknowledges = false;
  const failed: string[] = [];
  for (const n of ["a", "b"]) publish()("t", n, false).catch(() => failed.push(n));
  await clock.advance(19_999);
  assert.deepEqual([broker.link.closed, failed], [undefined, []]);
  await clock.advance(1);
  assert.deepEqual([broker.link.closed, failed.toSorted()], ["at once", ["a", "b"]]);
  await assert.rejects(publish()("t", "c", false), /closed/);
});

Deno.test("acknowledgements that keep coming keep the connection", async () => {
  const { clock, broker, publish } = connect();
  await clock.advance(0);
  broker.link.acknowledges = false;
  for (let n = 0; n < 10; n++) publish()("t", String(n), false);
  for (let n = 0; n < 10; n++) {
    await clock.advance(15_000);
    broker.link.acknowledge();
  }
  await clock.advance(60_000);
  assert.equal(broker.link.closed, undefined);
});
