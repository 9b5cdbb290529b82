import assert from "node:assert/strict";
import { a, type Query, query, response, short, srv } from "./testing/fake_network.ts";
import { HTTPS, LATCHKEY, PROBING_MS, settledPanel, startPanel } from "./testing/panel.ts";

const BROWSE = "PTR _latchkey._tcp.local";
const SHARED_MS = 70;

async function asked(given: Query | Query["ask"], from = {}, options = {}) {
  const panel = await settledPanel(options);
  const ask = (given: Query | Query["ask"]) =>
    panel.network.hear(query(Array.isArray(given) ? { ask: given } : given), from);
  ask(given);
  return { ...panel, ask };
}

Deno.test("who looks for panels is told of this one, with all that it takes to get there", async () => {
  const { network, clock } = await asked([BROWSE]);
  await clock.advance(SHARED_MS);
  const [told, ...more] = network.take();
  assert.deepEqual([told?.to, more], [undefined, []]);
  assert.deepEqual(told?.answers.map(short), [`${BROWSE} 4500`]);
  assert.deepEqual(told?.additionals.map(short), [
    `SRV ${LATCHKEY} 120`,
    `TXT ${LATCHKEY} 4500`,
    "A front-door.local 120",
    "NSEC front-door.local 120",
  ]);
});

Deno.test("kinds of service, an instance, a host and all that there is of a name are told when asked for", async () => {
  const answers = async (ask: string) => {
    const { network, clock } = await asked([ask]);
    await clock.advance(200);
    return network.take().flatMap((sent) => sent.answers.map(short));
  };
  assert.deepEqual(await answers("PTR _services._dns-sd._udp.local"), [
    "PTR _services._dns-sd._udp.local 4500",
    "PTR _services._dns-sd._udp.local 4500",
  ]);
  assert.deepEqual(await answers("PTR _https._tcp.local"), ["PTR _https._tcp.local 4500"]);
  assert.deepEqual(await answers(`SRV ${HTTPS}`), [`SRV ${HTTPS} 120`]);
  assert.deepEqual(await answers("A FRONT-DOOR.Local"), ["A front-door.local 120"]);
  assert.deepEqual(await answers(`ANY ${LATCHKEY}`), [`SRV ${LATCHKEY} 120`, `TXT ${LATCHKEY} 4500`]);
  assert.deepEqual(await answers("PTR _printer._tcp.local"), []);
  assert.deepEqual(await answers("A other.local"), []);
});

Deno.test("where there is no record of a kind, who asks is told which there are, and waits no longer", async () => {
  const { network, clock } = await asked(["AAAA front-door.local"]);
  await clock.advance(0);
  const [{ answers } = { answers: [] }] = network.take();
  assert.deepEqual(answers.map(short), ["NSEC front-door.local 120"]);
  assert.deepEqual((answers[0] as { data: unknown }).data, {
    nextDomain: "front-door.local",
    rrtypes: ["A"],
  });
});

Deno.test("an answer that others may give too waits a little, one that only the panel has does not", async () => {
  const shared = await asked([BROWSE]);
  await shared.clock.advance(SHARED_MS - 1);
  assert.deepEqual(shared.network.take(), []);
  const own = await asked(["A front-door.local"]);
  await own.clock.advance(0);
  assert.equal(own.network.take().length, 1);
});

Deno.test("what who asks knows already, for half of its time at least, is not told again", async () => {
  const known = (ttl: number) => ({
    name: "_latchkey._tcp.local",
    type: "PTR" as const,
    ttl,
    class: "IN" as const,
    data: LATCHKEY,
  });
  for (const [ttl, packets] of [[4_500, 0], [2_250, 0], [2_249, 1]] as const) {
    const { network, clock } = await asked({ ask: [BROWSE], known: [known(ttl)] });
    await clock.advance(200);
    assert.equal(network.take().length, packets, `${ttl} s`);
  }
});

Deno.test("known answers that follow in packets of their own count as well", async () => {
  const known = [{ name: "_latchkey._tcp.local", type: "PTR" as const, ttl: 4_000, data: LATCHKEY }];
  const { network, clock, ask } = await asked({ ask: [BROWSE], truncated: true });
  await clock.advance(300);
  ask({ ask: [], known });
  await clock.advance(1_000);
  assert.deepEqual(network.take(), []);
  ask({ ask: [BROWSE], truncated: true });
  await clock.advance(399);
  assert.deepEqual(network.take(), [], "it waits for more");
  network.hear(query({ ask: [], known }), { address: "192.168.7.33" });
  await clock.advance(51);
  assert.equal(network.take().length, 1, "what somebody else knows is no matter");
});

Deno.test("few answers wait at a time, and none is given after the end", async () => {
  const { network, clock, responder, ask } = await asked([BROWSE]);
  const before = clock.pending;
  for (let i = 0; i < 150; i++) ask({ ask: [BROWSE], truncated: true });
  assert.ok(clock.pending <= before + 31, `${clock.pending - before} more timers`);
  await responder.stop();
  assert.equal(clock.pending, 0);
  network.take();
  await clock.advance(1_000);
  assert.deepEqual(network.take(), []);
});

Deno.test("each record goes to everyone once a second at most, however many ask", async () => {
  const { network, clock, ask } = await asked([BROWSE]);
  for (let i = 0; i < 100; i++) {
    ask([BROWSE, "A front-door.local", `SRV ${LATCHKEY}`]);
    await clock.advance(50);
  }
  const sent = network.take().flatMap(({ answers, additionals }) => [...answers, ...additionals]);
  for (const record of [`${BROWSE} 4500`, "A front-door.local 120", `SRV ${LATCHKEY} 120`]) {
    const count = sent.filter((one) => short(one) === record).length;
    assert.ok(count >= 4 && count <= 6, `${record}: ${count} in five seconds`);
  }
});

Deno.test("to who asks for an answer alone, everyone is told: that takes no leave to reach any address", async () => {
  const { network, clock } = await asked([{ name: "front-door.local", type: "A", unicast: true }]);
  await clock.advance(0);
  assert.deepEqual(network.take().map(({ to }) => to), [undefined]);
});

Deno.test("with that leave, who asks for it is answered alone, unless everyone should hear it again", async () => {
  const panel = await startPanel({ unicast: true });
  await panel.clock.advance(PROBING_MS + 5_000);
  panel.network.take();
  const ask = () => {
    panel.network.hear(query({ ask: [{ name: "front-door.local", type: "A", unicast: true }] }));
    return panel.network.take().map(({ to, id }) => [to?.address, to?.port, id]);
  };
  assert.deepEqual(ask(), [["192.168.7.9", 5353, 0]]);
  await panel.clock.advance(30_000);
  assert.deepEqual(ask(), [[undefined, undefined, 0]], "a quarter of two minutes later");
  assert.deepEqual(ask(), [["192.168.7.9", 5353, 0]]);
});

Deno.test("with that leave, who asks as one asks a server is answered as by one: alone, briefly, by its number", async () => {
  const question = { ask: ["A front-door.local"], id: 4711 };
  const { network, clock } = await asked(question, { port: 50_123 }, { unicast: true });
  await clock.advance(0);
  const [told, ...more] = network.take();
  assert.deepEqual(more, []);
  assert.deepEqual([told?.to, told?.id], [{ address: "192.168.7.9", port: 50_123 }, 4711]);
  assert.deepEqual(told?.questions, ["A front-door.local"]);
  assert.deepEqual(told?.answers, [{ ...a("front-door.local", "192.168.7.20", 10), flush: false }]);
});

Deno.test("without it, who asks as one asks a server hears nothing", async () => {
  const { network, clock } = await asked(["A front-door.local"], { port: 50_123 });
  await clock.advance(1_000);
  assert.deepEqual(network.take(), []);
});

Deno.test("nobody further away than the link is answered, nor brings the panel to send anything", async () => {
  for (const address of ["203.0.113.7", "192.168.8.9", "2001:db8::9"]) {
    for (const port of [5353, 50_123]) {
      const { network, clock } = await asked([BROWSE, "A front-door.local"], { address, port }, {
        unicast: true,
      });
      await clock.advance(1_000);
      assert.deepEqual(network.take(), [], `${address} ${port}`);
    }
  }
});

Deno.test("answers to one alone are few: no flood in somebody else's name comes back as one", async () => {
  const { network, ask } = await asked(["A front-door.local"], { port: 50_123 }, { unicast: true });
  for (let i = 0; i < 1_000; i++) ask(["A front-door.local"]);
  assert.equal(network.take().length, 20);
});

Deno.test("who makes others forget the panel, or nearly, makes it say again that it is there, once a second", async () => {
  const { network, clock } = await settledPanel();
  const goodbye = response([{ ...a("front-door.local", "192.168.7.20"), ttl: 0 } as never]);
  for (let i = 0; i < 20; i++) {
    network.hear(goodbye);
    await clock.advance(100);
  }
  assert.deepEqual(
    network.take().map(({ answers }) => answers.map(short)),
    [["A front-door.local 120"], ["A front-door.local 120"]],
  );
});

Deno.test("an answer from a port that no responder has is none", async () => {
  const { network, clock, responder } = await settledPanel();
  network.hear(response([srv(LATCHKEY, "thief.local")]), { port: 40_000 });
  await clock.advance(10_000);
  assert.deepEqual([network.take(), responder.names.instance], [[], "Front door"]);
});
