import assert from "node:assert/strict";
import type { Answer } from "dns-packet";
import { a, ETH, type FakeNetwork, query, response, short, srv } from "./testing/fake_network.ts";
import { ADVERT, HTTPS, LATCHKEY, PROBING_MS, settledPanel, startPanel } from "./testing/panel.ts";

const taken = response([srv(LATCHKEY, "other.local")]);
const sentTypes = (network: FakeNetwork) => network.take().map(({ type }) => type);

Deno.test("an instance's name that somebody has is left to them: the panel is the second of that name", async () => {
  const { clock, network, responder, lines } = await startPanel();
  await clock.advance(200);
  network.hear(taken);
  assert.deepEqual(responder.names, { instance: "Front door (2)", host: "front-door" });
  network.take();
  await clock.advance(PROBING_MS);
  const [probe] = network.take();
  assert.deepEqual(probe?.questions, [
    "ANY Front door (2)._latchkey._tcp.local",
    "ANY Front door (2)._https._tcp.local",
    "ANY front-door.local",
  ]);
  assert.deepEqual(responder.interfaces, ["eth0"]);
  assert.match(lines[0] ?? "", /has the panel's name/);
});

Deno.test("a host's name that somebody has is left to them, the instance's name stays and leads to the new one", async () => {
  const { clock, network, responder } = await startPanel();
  await clock.advance(200);
  network.hear(response([a("front-door.local", "192.168.7.99")]));
  assert.deepEqual(responder.names, { instance: "Front door", host: "front-door-2" });
  await clock.advance(PROBING_MS);
  const { answers } = network.take().at(-1)!;
  const { data } = answers.find(({ type }) => type === "SRV") as { data: { target: string } };
  assert.equal(data.target, "front-door-2.local");
});

Deno.test("names are tried until one is free, and what was found is kept to", async () => {
  const { clock, network, responder } = await startPanel();
  for (const name of ["Front door", "Front door (2)", "Front door (3)"]) {
    await clock.advance(300);
    network.hear(response([srv(`${name}._https._tcp.local`, "other.local")]));
  }
  await clock.advance(PROBING_MS);
  assert.equal(responder.names.instance, "Front door (4)");
  assert.deepEqual(responder.numbers, { instance: 4, host: 1 });
});

Deno.test("who has tried fifteen names in ten seconds waits five before the next: nobody is made to flood", async () => {
  const { clock, network, responder } = await startPanel();
  for (let i = 0; i < 16; i++) {
    await clock.advance(1);
    network.hear(response([srv(`${responder.names.instance}._https._tcp.local`, "other.local")]));
  }
  network.take();
  await clock.advance(5_000);
  assert.deepEqual(network.take(), []);
  await clock.advance(PROBING_MS);
  assert.deepEqual(responder.interfaces, ["eth0"]);
});

Deno.test("a name that turns out to be somebody's later is asked for again, and given up only if it is", async () => {
  const { clock, network, responder } = await settledPanel();
  network.hear(taken);
  assert.deepEqual(responder.interfaces, []);
  await clock.advance(PROBING_MS);
  assert.equal(responder.names.instance, "Front door", "they did not answer");
  assert.deepEqual(responder.interfaces, ["eth0"]);
  network.hear(taken);
  await clock.advance(200);
  network.hear(taken);
  assert.equal(responder.names.instance, "Front door (2)");
});

Deno.test("who asks for a name of the panel's is told at once that it is taken", async () => {
  const { network } = await settledPanel();
  network.hear(query({ ask: [`ANY ${LATCHKEY}`], authorities: [srv(LATCHKEY, "other.local")] }));
  assert.deepEqual(network.take().map(({ answers }) => answers.map(short)), [[
    `SRV ${LATCHKEY} 120`,
    `TXT ${LATCHKEY} 4500`,
  ]]);
});

Deno.test("it is told so again where everyone was told a moment ago, but not for each of a flood", async () => {
  const { clock, network } = await settledPanel();
  const probe = query({ ask: [`ANY ${LATCHKEY}`], authorities: [srv(LATCHKEY, "other.local")] });
  const told = () => network.take().filter(({ type }) => type === "response").length;
  network.hear(probe);
  assert.equal(told(), 1);
  await clock.advance(249);
  network.hear(probe);
  assert.equal(told(), 0);
  await clock.advance(1);
  network.hear(probe);
  assert.equal(told(), 1);
});

Deno.test("a host's name is taken also where what is said of it is of another kind", async () => {
  const { clock, network, responder } = await startPanel();
  await clock.advance(200);
  network.hear(
    response([{ name: "front-door.local", type: "AAAA", ttl: 120, class: "IN", data: "fd00::99" }]),
  );
  assert.equal(responder.names.host, "front-door-2");
});

Deno.test("of two who ask for a name at once, the one whose records come later in order gets it", async () => {
  const txt = { name: HTTPS, type: "TXT" as const, ttl: 1, data: [...ADVERT.txt] };
  const later = { ...txt, data: ["id=1"] };
  const another: [Answer[], boolean][] = [
    [[txt, srv(HTTPS, "front-door.local", 8_443)], false],
    [[txt, srv(HTTPS, "front-door.local", 8_442)], false],
    [[txt, srv(HTTPS, "front-door.local", 8_444)], true],
    [[later], false],
    [[txt], false],
    [[txt, srv(HTTPS, "front-door.local", 8_443), srv(HTTPS, "front-door.local", 9_000)], true],
  ];
  for (const [authorities, waits] of another) {
    const { clock, network } = await startPanel();
    await clock.advance(200);
    network.hear(query({ ask: [`ANY ${HTTPS}`], authorities }));
    await clock.advance(PROBING_MS);
    const text = authorities.map(short).join();
    assert.equal(sentTypes(network).includes("response"), !waits, text);
    await clock.advance(PROBING_MS + 325);
    assert.ok(!waits || sentTypes(network).includes("response"), "nobody has said that it is theirs");
  }
});

Deno.test("its own packets, heard again or through another interface, are no conflict", async () => {
  const second = {
    name: "eth1",
    addresses: [{ address: "192.168.7.21", family: 4 as const, prefix: 24, scope: 0 }],
  };
  const { clock, network, responder } = await startPanel({}, [ETH, second]);
  await clock.advance(PROBING_MS);
  for (const { name } of [ETH, second]) {
    network.hear(
      response([a("front-door.local", "192.168.7.21"), srv(LATCHKEY, "FRONT-DOOR.local", 8443)]),
      { address: "192.168.7.21" },
      { interface: name },
    );
  }
  assert.deepEqual(responder.interfaces, ["eth0", "eth1"]);
  await clock.advance(10_000);
  assert.deepEqual(responder.names, { instance: "Front door", host: "front-door" });
});

Deno.test("a name that others give up is not taken by them, nor one of which they say that there is nothing", async () => {
  const { clock, network, responder } = await startPanel();
  await clock.advance(200);
  network.hear(response([{ ...srv(LATCHKEY, "other.local"), ttl: 0 } as never]));
  network.hear(response([{
    name: "front-door.local",
    type: "NSEC",
    ttl: 120,
    class: "IN",
    data: { nextDomain: "front-door.local", rrtypes: ["AAAA"] },
  }]));
  await clock.advance(PROBING_MS);
  assert.deepEqual(responder.names, { instance: "Front door", host: "front-door" });
});

Deno.test("where a name is given up, its records are taken back on the links on which nobody else has it", async () => {
  const wlan = {
    name: "wlan0",
    addresses: [{ address: "10.1.1.5", family: 4 as const, prefix: 8, scope: 0 }],
  };
  const { clock, network, responder } = await settledPanel({}, [ETH, wlan]);
  network.hear(taken);
  await clock.advance(200);
  network.take();
  network.hear(taken);
  assert.equal(responder.names.instance, "Front door (2)");
  const goodbyes = network.take().filter(({ type }) => type === "response");
  assert.deepEqual(goodbyes.map((one) => one.interface), ["wlan0"]);
  assert.ok(goodbyes[0]?.answers.every((one) => "ttl" in one && one.ttl === 0));
});
