import assert from "node:assert/strict";
import { z } from "zod";
import { accessLogged } from "../access/keys.ts";
import type { LogRow } from "../access/model.ts";
import { defineEvent } from "../plugin/keys.ts";
import { definePlugin } from "../plugin/plugin.ts";
import { settle, VirtualClock } from "../testing/virtual_clock.ts";
import type { Grant } from "./protocol.ts";
import { Session } from "./session.ts";
import { FakeProcess } from "./testing/in_process.ts";
import { grantOf, IsolatedBench } from "./testing/isolated_bench.ts";

const rang = defineEvent("bell.rang", z.json());

const GRANT: Grant = {
  services: {},
  events: [],
  denials: false,
  parts: "none",
  hostNames: false,
  anyone: false,
};
const SESSION = {
  id: "quiet",
  config: {},
  grant: GRANT,
  described: () => {},
  take: () => {},
  drops: () => false,
  offended: () => {},
};
const DESCRIBED = { t: "described", id: "quiet", api: 1, uses: [], settings: {}, values: {} };

/** A plugin whose process has said hello, and says what the test says from then on. */
async function greeted(granted = {}): Promise<IsolatedBench> {
  const bench = new IsolatedBench([grantOf("quiet", granted)]);
  void bench.host.start();
  await bench.clock.advance(0);
  return bench;
}

/** The same, past its setup. */
async function running(granted = {}, first: unknown[] = []): Promise<IsolatedBench> {
  const bench = await greeted(granted);
  for (const message of [DESCRIBED, { t: "ready" }, ...first]) bench.process.say(message);
  await bench.clock.advance(0);
  assert.equal(bench.state("quiet"), "running");
  return bench;
}

const listening = (name: string) => running({ events: [name] }, [{ t: "listen", name }]);

/** The values of the events that it has been told of. */
const values = ({ process }: IsolatedBench) =>
  process.heard.flatMap((message) => message.t === "event" ? [message.value] : []);

Deno.test("I-13: a plugin that hangs is killed within 7 s of its last sign of life, in its setup too", async () => {
  for (const make of [greeted, running]) {
    await using bench = await make();
    const { process } = bench;
    await bench.clock.advance(5_000);
    assert.equal(process.killed, false);
    await bench.clock.advance(1_900);
    assert.equal(process.killed, true);
    assert.match(bench.state("quiet"), /^failed: It did not answer for 5 s\. It starts again in 1 s$/);
  }
});

Deno.test("a plugin that answers lives on, also where the panel itself stood still for long", async () => {
  const calm = definePlugin({ id: "quiet", api: 1, setup: () => {} });
  await using bench = new IsolatedBench([grantOf("quiet")], { modules: { quiet: calm } });
  await bench.start();
  await bench.clock.advance(60_000);
  assert.deepEqual([bench.starts, bench.process.killed], [1, false]);
});

Deno.test("what says nothing at all is killed after 20 s", async () => {
  const clock = new VirtualClock();
  const process = new FakeProcess({ id: "quiet", entry: "mod.ts", digest: "", net: [], memoryMb: 64 });
  const session = new Session({ ...SESSION, process, clock });
  await clock.advance(19_999);
  assert.equal(process.killed, false);
  await clock.advance(1);
  await assert.rejects(session.ready, { code: "plugin-crashed", message: "It said nothing for 20 s" });
  assert.equal(clock.pending, 0);
});

for (
  const [what, said] of Object.entries({
    "no JSON": "Hello there",
    "no message": { t: "open-the-door" },
    "a message with more in it": { t: "ready", really: true },
    "a message that is nested deeply": `${"[".repeat(100)}${"]".repeat(100)}`,
    "a line without end": "x".repeat(300_000),
  })
) {
  Deno.test(`a process that says ${what} is ended`, async () => {
    await using bench = await running();
    bench.process.say(said);
    await bench.clock.advance(0);
    assert.equal(bench.process.killed, true);
    assert.match(bench.state("quiet"), /^failed: It sent a (message|line) that is/);
  });
}

Deno.test("a plugin that speaks no version of the protocol that the panel does is told so, and let go", async () => {
  const process = new FakeProcess({ id: "quiet", entry: "mod.ts", digest: "", net: [], memoryMb: 64 });
  const session = new Session({ ...SESSION, process, clock: new VirtualClock() });
  process.say({ t: "hello", protocols: [7, 9] });
  const message = "It speaks version 7, 9 of the protocol, this panel 1";
  await assert.rejects(session.ready, { code: "plugin-protocol", message });
  assert.deepEqual(await session.ended, { reason: message, orderly: true, changed: false });
});

Deno.test("a plugin whose module is another one's, or of another contract, is not let in", async () => {
  for (
    const [wrong, why] of [[{ id: "other" }, /calls itself "other"/], [
      { api: 2 },
      /asks for contract 2/,
    ]] as const
  ) {
    await using bench = await greeted();
    bench.process.say({ ...DESCRIBED, ...wrong });
    await bench.clock.advance(0);
    assert.match(bench.state("quiet"), why);
    assert.equal(bench.process.killed, true);
  }
});

Deno.test("events are dropped and counted where a plugin does not read, and told when it does again", async () => {
  await using bench = await listening("bell.rang");
  for (let i = 0; i < 1_000; i++) bench.host.core.emit(rang, i);
  await bench.clock.advance(0);
  void bench.process.listen();
  await bench.clock.advance(0);
  const told = values(bench).length;
  assert.ok(told > 200 && told < 300, `${told}`);
  assert.deepEqual(values(bench), Array.from({ length: told }, (_, i) => i), "the first ones, in order");
  bench.host.core.emit(rang, "again");
  await bench.clock.advance(0);
  const last = bench.process.heard.at(-1);
  assert.deepEqual(last, { t: "event", name: "bell.rang", value: "again", missed: 1_000 - told });
  assert.equal(bench.process.killed, false);
});

Deno.test("I-15: no access event is dropped: a plugin that does not read them is ended instead", async () => {
  await using bench = await listening("access.logged");
  const rows = (count: number) => Array.from({ length: count }, (_, seq) => ({ seq }) as LogRow);
  for (const row of rows(900)) bench.host.core.emit(accessLogged, row);
  await bench.clock.advance(0);
  void bench.process.listen();
  await bench.clock.advance(0);
  assert.deepEqual(values(bench), rows(900));

  await using deaf = await listening("access.logged");
  for (const row of rows(1_100)) deaf.host.core.emit(accessLogged, row);
  await deaf.clock.advance(0);
  assert.equal(deaf.process.killed, true);
  assert.match(deaf.state("quiet"), /^failed: It does not read: 1024 messages wait for it/);
});

Deno.test("I-15: a flood is read no faster than the panel can bear, events of it beyond that are dropped", async () => {
  await using bench = await running();
  const sent = 8_000;
  let taken = 0;
  for (let i = 0; i < sent; i++) {
    bench.process.toPanel
      .send(
        new TextEncoder().encode(`{"t":"emit","name":"quiet.told","audience":"residents","value":${i}}\n`),
      )
      .then(() => taken++);
  }
  await bench.clock.advance(1_000);
  // As long as it goes on without time passing.
  for (let before = -1; before !== taken;) {
    before = taken;
    for (let turn = 0; turn < 10; turn++) await settle();
  }
  assert.ok(taken > 2_000 && taken < 4_500, `${taken} were read in a second`);
  const heard = bench.heard.length;
  assert.ok(heard >= 200 && heard <= 260, `${heard} events were told`);
  await bench.clock.advance(500);
  assert.ok(bench.heard.length - heard <= 30);
});
