import assert from "node:assert/strict";
import type { Answer } from "dns-packet";
import { ETH, type FakeNetwork, query, short } from "./testing/fake_network.ts";
import { ADVERT, HTTPS, LATCHKEY, PROBING_MS, settledPanel, startPanel } from "./testing/panel.ts";

const ALL = [
  "PTR _latchkey._tcp.local 4500",
  "PTR _services._dns-sd._udp.local 4500",
  "PTR _https._tcp.local 4500",
  "PTR _services._dns-sd._udp.local 4500",
  `SRV ${LATCHKEY} 120`,
  `TXT ${LATCHKEY} 4500`,
  `SRV ${HTTPS} 120`,
  `TXT ${HTTPS} 4500`,
  "A front-door.local 120",
];

const told = (network: FakeNetwork) =>
  network.take().filter(({ type }) => type === "response").map(({ answers }) => answers.map(short));

Deno.test("three times in a row it asks whether its names are free, and says nothing of them before that", async () => {
  const { clock, network } = await startPanel();
  await clock.advance(PROBING_MS - 1);
  const probes = network.take();
  assert.equal(probes.length, 3);
  for (const { type, to, questions, answers, authorities } of probes) {
    assert.deepEqual([type, to, answers], ["query", undefined, []]);
    assert.deepEqual(questions, [`ANY ${LATCHKEY}`, `ANY ${HTTPS}`, "ANY front-door.local"]);
    const proposed = authorities.map((one) => `${one.type} ${one.name}`);
    assert.deepEqual(proposed, [
      ...[`SRV ${LATCHKEY}`, `TXT ${LATCHKEY}`],
      ...[`SRV ${HTTPS}`, `TXT ${HTTPS}`],
      "A front-door.local",
    ]);
  }
});

Deno.test("then it announces all of it twice, a second apart, and is still", async () => {
  const { clock, network, responder } = await startPanel();
  await clock.advance(PROBING_MS - 1);
  network.take();
  assert.deepEqual(responder.interfaces, []);
  await clock.advance(1);
  assert.deepEqual(told(network), [ALL]);
  assert.deepEqual(responder.interfaces, ["eth0"]);
  await clock.advance(999);
  assert.deepEqual(told(network), []);
  await clock.advance(1);
  assert.deepEqual(told(network), [ALL]);
  await clock.advance(3_600_000);
  assert.deepEqual(told(network), []);
});

Deno.test("what it announces is where it is, what it speaks and who it is, and nothing else", async () => {
  const { clock, network } = await startPanel();
  await clock.advance(PROBING_MS);
  const { answers } = network.take().at(-1)!;
  const data = (name: string, type: string) =>
    (answers.find((one) => one.name === name && one.type === type) as { data: unknown } | undefined)?.data;
  assert.equal(data("_latchkey._tcp.local", "PTR"), LATCHKEY);
  assert.deepEqual(data(LATCHKEY, "SRV"), { priority: 0, weight: 0, port: 8443, target: "front-door.local" });
  assert.deepEqual((data(HTTPS, "TXT") as Uint8Array[]).map(String), ADVERT.txt);
  assert.equal(data("front-door.local", "A"), "192.168.7.20");
});

Deno.test("only what nobody else has replaces what others hold of that name", async () => {
  const { clock, network } = await startPanel();
  await clock.advance(PROBING_MS);
  for (const one of network.take().at(-1)!.answers as (Answer & { flush?: boolean })[]) {
    assert.equal(one.flush, one.type !== "PTR", short(one));
  }
});

Deno.test("at its end it takes back everything, on every interface, and leaves no socket and no timer", async () => {
  const wlan = {
    name: "wlan0",
    addresses: [{ address: "10.1.1.5", family: 4 as const, prefix: 8, scope: 0 }],
  };
  const { clock, network, responder } = await settledPanel({}, [ETH, wlan]);
  await responder.stop();
  const goodbyes = network.take();
  assert.deepEqual(goodbyes.map((one) => one.interface), ["eth0", "wlan0"]);
  for (const { answers } of goodbyes) {
    assert.deepEqual(answers.map(short), ALL.map((text) => text.replace(/\d+$/, "0")));
  }
  assert.deepEqual([network.open, clock.pending], [[], 0]);
});

Deno.test("stopped before its names were sure, it has nothing to take back", async () => {
  const { clock, network, responder } = await startPanel();
  await clock.advance(300);
  network.take();
  await responder.stop();
  assert.deepEqual([network.take(), network.open, clock.pending], [[], [], 0]);
});

Deno.test("what changes is told twice, and nothing but that", async () => {
  const { clock, network, responder } = await settledPanel();
  responder.advertise({ ...ADVERT, txt: ["claimed=true"] });
  assert.deepEqual(told(network), [[`TXT ${LATCHKEY} 4500`, `TXT ${HTTPS} 4500`]]);
  await clock.advance(1_000);
  assert.deepEqual(told(network), [[`TXT ${LATCHKEY} 4500`, `TXT ${HTTPS} 4500`]]);
  responder.advertise({ ...ADVERT, txt: ["claimed=true"] });
  await clock.advance(10_000);
  assert.deepEqual(told(network), []);
});

Deno.test("the longest names there can be are told in packets that no link cuts apart", async () => {
  const wanted = { instance: "🚪".repeat(15), host: "d".repeat(63) };
  const addresses = Array.from(
    { length: 8 },
    (_, i) => ({
      address: `fd00::${i}`.padEnd(39, "1").slice(0, 8),
      family: 6 as const,
      prefix: 64,
      scope: 2,
    }),
  );
  const { clock, network } = await startPanel({ wanted, host: "::" }, [{
    name: "eth0",
    addresses: [...ETH.addresses, ...addresses],
  }]);
  await clock.advance(PROBING_MS);
  const sent = network.take();
  assert.ok(sent.some(({ type }) => type === "response"));
  for (const { bytes } of sent) assert.ok(bytes <= 1_200, String(bytes));
  const four = sent.filter(({ family, type }) => family === 4 && type === "response");
  assert.equal(four.flatMap(({ answers }) => answers).length, 13);
  await clock.advance(60_000);
  network.take();
  network.hear(query({ ask: ["PTR _latchkey._tcp.local", "PTR _https._tcp.local"] }));
  await clock.advance(200);
  const [told] = network.take();
  assert.equal(told?.answers.length, 2);
  assert.ok(told.additionals.length > 4 && told.bytes <= 1_200, "what has no room is left to be asked for");
});
