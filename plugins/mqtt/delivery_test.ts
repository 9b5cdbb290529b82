import assert from "node:assert/strict";
import { LatchkeyError } from "../../core/mod.ts";
import { memoryStore } from "../../core/testing/memory_store.ts";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { quietLog } from "../testing/bench.ts";
import { Delivery } from "./delivery.ts";
import { Journal } from "./journal.ts";
import { FakeLink } from "./testing/fake_link.ts";

async function deliver() {
  const clock = new VirtualClock();
  const journal = await Journal.open({ clock, log: quietLog(), store: memoryStore()("mqtt"), limit: 1_000 });
  const delivery = new Delivery({ clock, log: quietLog(), journal, withheld: [] });
  const connect = (link = new FakeLink()) => {
    delivery.up((topic, payload, retain) => link.publish(topic, payload, retain));
    return link;
  };
  return {
    clock,
    journal,
    delivery,
    connect,
    add: (...ns: number[]) =>
      ns.forEach((n) => journal.add({ topic: `t/${n}`, at: clock.now(), body: { n } })),
    numbers: (link: FakeLink) => link.said.map(({ topic }) => Number(topic.slice(2))),
  };
}

Deno.test("an event is told with its time, not kept by the broker, and gone once it is acknowledged", async () => {
  const { clock, connect, add, journal } = await deliver();
  const link = connect();
  const at = new Date(clock.now()).toISOString();
  add(1);
  await clock.advance(0);
  assert.deepEqual(link.said, [{
    topic: "t/1",
    payload: JSON.stringify({ n: 1, at, late: false }),
    retain: false,
  }]);
  assert.equal(journal.length, 0);
});

Deno.test("B-HOME-1: events made while the broker is away come in order once it is back, marked as late", async () => {
  const { clock, connect, add, numbers, journal } = await deliver();
  const numbersMade = Array.from({ length: 1_000 }, (_, n) => n);
  add(...numbersMade);
  await clock.advance(3_600_000);
  const link = connect();
  await clock.advance(0);
  assert.deepEqual(numbers(link), numbersMade);
  assert.ok(link.said.every(({ payload }) => JSON.parse(payload).late));
  assert.equal(journal.length, 0);
});

Deno.test("what was not acknowledged when the connection ended is told again, in order, to the next", async () => {
  const { clock, connect, add, numbers, journal, delivery } = await deliver();
  const first = connect();
  first.acknowledges = false;
  add(...Array.from({ length: 25 }, (_, n) => n));
  await clock.advance(0);
  assert.deepEqual(numbers(first), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "no more than ten are under way");
  first.acknowledge(3);
  await clock.advance(0);
  delivery.down();
  first.end("lost");
  await clock.advance(0);
  assert.equal(journal.length, 22);
  const second = connect();
  await clock.advance(0);
  assert.deepEqual(numbers(second), Array.from({ length: 22 }, (_, n) => n + 3));
  assert.equal(journal.length, 0);
});

Deno.test("an event is taken out only when all before it are acknowledged too", async () => {
  const { clock, add, journal, delivery } = await deliver();
  const acknowledge: (() => void)[] = [];
  delivery.up(() => new Promise((done) => acknowledge.push(done)));
  add(0, 1, 2);
  await clock.advance(0);
  acknowledge[2]!();
  acknowledge[1]!();
  await clock.advance(0);
  assert.equal(journal.length, 3);
  acknowledge[0]!();
  await clock.advance(0);
  assert.equal(journal.length, 0);
});

Deno.test("an event that the broker will never take is counted as lost and keeps no other", async () => {
  const { clock, connect, add, numbers, journal } = await deliver();
  const link = connect();
  link.refusal = ({ topic }) =>
    topic === "t/1" ? new LatchkeyError("mqtt-refused", "Not authorized") : undefined;
  add(0, 1, 2);
  await clock.advance(0);
  assert.deepEqual([numbers(link), journal.length, journal.lost], [[0, 1, 2], 0, 1]);
});

Deno.test("a broker that is full is left alone for five seconds, then told all that it has not taken", async () => {
  const { clock, connect, add, numbers, journal } = await deliver();
  const link = connect();
  let full = true;
  link.refusal = ({ topic }) =>
    full && topic !== "t/0" ? new LatchkeyError("mqtt-busy", "Quota exceeded") : undefined;
  add(0, 1, 2);
  await clock.advance(4_999);
  assert.deepEqual([numbers(link), journal.length], [[0, 1, 2], 2]);
  add(3);
  full = false;
  await clock.advance(1);
  assert.deepEqual(numbers(link), [0, 1, 2, 1, 2, 3]);
  assert.deepEqual([journal.length, journal.lost], [0, 0]);
});
