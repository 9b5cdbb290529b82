import assert from "node:assert/strict";
import { definePlugin } from "../../core/mod.ts";
import { settle } from "../../core/testing/virtual_clock.ts";
import { brokerChanged, brokerService, type Subscription, subscriptionsPoint } from "./keys.ts";
import { fits } from "./subscriptions.ts";
import { BASE, bridgeBench } from "./testing/panel.ts";

/** A plugin that hears `house/#`, and what it heard. */
function listener({ echo }: Pick<Subscription, "echo"> = {}) {
  const heard: Parameters<Subscription["heard"]>[0][] = [];
  let end: () => Promise<void> = () => Promise.resolve();
  const plugin = definePlugin({
    id: "listener",
    api: 1,
    setup(ctx) {
      ctx.contribute(subscriptionsPoint, {
        filter: "house/#",
        ...(echo === undefined ? {} : { echo }),
        heard(message) {
          heard.push(message);
          return end();
        },
      });
    },
  });
  return { plugin, heard, ends: (how: () => Promise<void>) => void (end = how) };
}

Deno.test("a plugin hears the topics that it wants, on each connection, and what the broker has kept", async () => {
  const { plugin, heard } = listener();
  const { broker, host, hear, clock } = await bridgeBench();
  const changes = hear(brokerChanged);
  host.add(plugin, {});
  await settle();
  assert.deepEqual(broker.link.subscribed, ["house/#"]);
  await broker.send("house/a/b", "hello", { retain: true });
  assert.deepEqual(heard, [{ topic: "house/a/b", payload: "hello", retained: true }]);
  broker.link.end("lost");
  await clock.advance(1_000);
  assert.deepEqual(broker.link.subscribed, ["house/#"]);
  assert.deepEqual(changes.map(({ up }) => up), [true, false, true]);
  await host.halt("listener");
  await broker.send("house/a", "again");
  assert.equal(heard.length, 1);
});

Deno.test("what a plugin makes of a message is its own affair: a fault, or no end in 5 s, stops nobody", async () => {
  const { plugin, heard, ends } = listener();
  const { broker, host, clock, status } = await bridgeBench();
  host.add(plugin, {});
  await settle();
  ends(() => Promise.reject(new Error("Boom")));
  await broker.send("house/a", "1");
  ends(() => new Promise(() => {}));
  const sending = broker.send("house/a", "2");
  await clock.advance(5_000);
  await sending;
  ends(() => Promise.resolve());
  await broker.send("house/a", "3");
  assert.deepEqual(heard.map(({ payload }) => payload), ["1", "2", "3"]);
  assert.equal(status()?.state, "running");
});

Deno.test("a subscription that the broker does not take is asked for again", async () => {
  const { plugin } = listener();
  const { broker, host, hear, clock } = await bridgeBench();
  const changes = hear(brokerChanged);
  const { link } = broker;
  let tries = 0;
  link.subscribe = () => ++tries < 3 ? Promise.reject(new Error("SUBACK 128")) : Promise.resolve();
  host.add(plugin, {});
  await clock.advance(1_999);
  assert.deepEqual([tries, changes], [1, []]);
  await clock.advance(2_001);
  assert.deepEqual([tries, changes], [3, [{ up: true }]]);
  await clock.advance(60_000);
  assert.equal(tries, 3);
});

Deno.test("a broker that takes everything and tells nothing of a topic is asked for it without acknowledgements, then left", async () => {
  const { plugin, heard } = listener({ echo: "house/echo" });
  const { broker, host, clock } = await bridgeBench();
  host.add(plugin, {});
  await settle();
  const first = broker.link;
  const said = () => first.said.filter(({ topic }) => topic === "house/echo").length;
  assert.equal(said(), 1);
  await broker.send("house/echo", "");
  await clock.advance(5_000);
  await broker.send("house/a", "what another says will do as well");
  await clock.advance(5_000);
  assert.deepEqual([said(), first.relaxed, heard.length], [3, 0, 1]);
  await clock.advance(4_999);
  assert.equal(first.relaxed, 0);
  await clock.advance(1);
  assert.deepEqual([first.relaxed, first.closed, said()], [1, undefined, 4]);
  await clock.advance(5_000);
  assert.deepEqual([first.relaxed, first.closed], [1, "at once"]);
  await clock.advance(1_000);
  assert.notEqual(broker.link, first);
  assert.deepEqual(broker.link.subscribed, ["house/#"]);
});

Deno.test("a broker that has not taken it yet is not taken for one that tells nothing", async () => {
  const { plugin } = listener({ echo: "house/echo" });
  const { broker, host, clock } = await bridgeBench();
  broker.link.acknowledges = false;
  host.add(plugin, {});
  await clock.advance(19_000);
  assert.equal(broker.link.closed, undefined);
});

Deno.test("a plugin tells the broker what it wants, and is told when there is none", async () => {
  const { broker, core, clock } = await bridgeBench();
  const door = core.use(brokerService);
  await door.publish("house/x", "1", { retain: true });
  await door.publish("house/y", "2");
  assert.deepEqual(broker.link.said.slice(-2), [
    { topic: "house/x", payload: "1", retain: true },
    { topic: "house/y", payload: "2", retain: false },
  ]);
  broker.link.acknowledges = false;
  const lost = assert.rejects(door.publish("house/z", "3"), { code: "mqtt-away" });
  broker.mood = "silent";
  broker.link.end("lost");
  await lost;
  await clock.advance(0);
  assert.equal(await door.isUp(), false);
  await assert.rejects(door.publish("house/z", "3"), { code: "mqtt-away", status: 503 });
});

Deno.test("a plugin's topics are not taken for commands, nor commands for a plugin's", async () => {
  const { plugin, heard } = listener();
  const { broker, host, access, clock } = await bridgeBench({ settings: { releases: ["lock"] } });
  host.add(plugin, {});
  await broker.send(`${BASE}/release/lock`, JSON.stringify({ at: clock.now() / 1_000 }));
  assert.deepEqual([access.requests.length, heard.length], [1, 0]);
});

Deno.test("a filter takes one level for +, all that is left for #", () => {
  const taken: [string, string, boolean][] = [
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/+", "a/b", true],
    ["a/+", "a", false],
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a/b/d", false],
    ["a/#", "a/b/c", true],
    ["a/#", "a", true],
    ["a/#", "b", false],
    ["#", "a/b", true],
  ];
  for (const [filter, topic, expected] of taken) {
    assert.equal(fits(filter, topic), expected, `${filter} ${topic}`);
  }
});
