import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readPacket } from "./packet.ts";
import { a, query, response, srv } from "./testing/fake_network.ts";
import { HTTPS, LATCHKEY, settledPanel, startPanel } from "./testing/panel.ts";

/** Numbers that look random and are the same each time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const VALID = [
  query({ ask: ["PTR _latchkey._tcp.local", { name: "front-door.local", type: "A", unicast: true }] }),
  query({ ask: [`ANY ${LATCHKEY}`], authorities: [srv(LATCHKEY, "other.local")] }),
  response([srv(HTTPS, "other.local"), a("front-door.local", "192.168.7.99")], [a("x.local", "10.0.0.1")]),
  query({
    ask: ["PTR _services._dns-sd._udp.local"],
    known: [{ name: "_latchkey._tcp.local", type: "PTR", ttl: 1, data: LATCHKEY }],
  }),
];

/** A name at the end of a chain of pointers, named by as many records as there is room for. */
function pointers(jumps: number, size: number): Buffer {
  const packet = Buffer.alloc(size);
  packet.write("\x09_latchkey\x04_tcp\x05local\x00", 12, "latin1");
  let at = 12 + 22;
  packet.writeUInt16BE(10, at);
  packet.writeUInt16BE(1, at + 2);
  at += 8;
  packet.writeUInt16BE(jumps * 2, at);
  at += 2;
  let last = 12;
  for (let i = 0; i < jumps; i++, at += 2) {
    packet.writeUInt16BE(0xc000 | last, at);
    last = at;
  }
  let records = 1;
  for (; at + 12 <= size; at += 12, records++) {
    packet.writeUInt16BE(0xc000 | last, at);
    packet.writeUInt16BE(10, at + 2);
    packet.writeUInt16BE(1, at + 4);
  }
  packet.writeUInt16BE(records, 6);
  return packet.subarray(0, at);
}

/** One name that is a pointer to itself, two that point to each other, one that points ahead. */
const LOOPS = ["c00c", "c00ec00c", "c020"].map((name) =>
  Buffer.from(`000000000001000000000000${name}00ff00010a5f6c617463686b6579`, "hex")
);

Deno.test("no bytes throw, whatever they are: neither chance nor what was once a packet", () => {
  const random = seeded(4_711);
  for (let i = 0; i < 20_000; i++) {
    readPacket(Buffer.from(Array.from({ length: random(80) }, () => random(256))));
    const packet = Buffer.from(VALID[random(VALID.length)]!);
    for (let n = random(6); n >= 0; n--) packet[random(packet.length)] = random(256);
    readPacket(packet.subarray(0, random(4) === 0 ? random(packet.length) : packet.length));
  }
});

Deno.test("names that lead round in a circle are no packet", () => {
  for (const packet of LOOPS) assert.equal(readPacket(packet), undefined, packet.toString("hex"));
});

Deno.test("a header that promises more than there is, and a packet larger than any, are not even read", () => {
  assert.equal(readPacket(Buffer.alloc(12).fill(0xff, 4)), undefined);
  const header = Buffer.from("000000000001000000000000", "hex");
  assert.equal(readPacket(header), undefined);
  const many = Buffer.concat([header, Buffer.alloc(1_488)]);
  assert.ok(readPacket(many), "what is behind the last record is no matter");
  assert.equal(readPacket(Buffer.concat([many, Buffer.alloc(1)])), undefined);
});

Deno.test("what is no plain query or response is left alone", () => {
  const packet = VALID[0]!;
  for (const flags of [0x0800, 0x7800, 0x0001, 0x000f]) {
    const other = Buffer.from(packet);
    other.writeUInt16BE(flags, 2);
    assert.equal(readPacket(other), undefined, flags.toString(16));
  }
  assert.ok(readPacket(packet));
});

Deno.test("a panel that hears nothing but nonsense stays, sends little, holds on to little and still answers", async () => {
  for (const seed of [1, 2, 3]) {
    const random = seeded(seed);
    const panel = seed === 1 ? await startPanel() : await settledPanel({ unicast: seed === 3 });
    const { clock, network, responder, lines } = panel;
    let most = 0;
    for (let i = 0; i < 3_000; i++) {
      const packet = random(20) === 0 ? LOOPS[random(3)]! : Buffer.from(VALID[random(VALID.length)]!);
      for (let n = random(4); n > 0; n--) packet[random(packet.length)] = random(256);
      network.hear(packet, {
        address: `192.168.7.${random(256)}`,
        port: random(2) === 0 ? 5353 : random(65_536),
      });
      if (random(10) === 0) await clock.advance(random(20));
      most = Math.max(most, clock.pending);
    }
    const passed = clock.monotonic() / 1_000;
    const records = network.take().reduce(
      (sum, sent) => sum + sent.answers.length + sent.additionals.length,
      0,
    );
    assert.ok(records < 400 + passed * 150, `${records} records in ${passed} s`);
    assert.ok(most < 50, `${most} timers at once`);
    assert.deepEqual(lines.filter((line) => line.includes("could not be handled")), []);
    await clock.advance(60_000);
    network.take();
    network.hear(query({ ask: [`A ${responder.names.host}.local`] }));
    await clock.advance(0);
    assert.equal(network.take().length, 1);
    await responder.stop();
    assert.deepEqual([network.open, clock.pending], [[], 0]);
  }
});

Deno.test("a flood costs the reading of a hundred packets a second, and what is not about the panel costs none", async () => {
  const { clock, network } = await settledPanel();
  const known = query({ ask: [], known: [] });
  const decoys = query({ ask: ["PTR _printer._tcp.local", "A elsewhere.local"] });
  for (let i = 0; i < 5_000; i++) network.hear(i % 2 === 0 ? decoys : known);
  network.hear(query({ ask: ["A front-door.local"] }));
  await clock.advance(0);
  assert.equal(network.take().length, 1, "nothing of it counted");
  await clock.advance(2_000);
  for (let i = 0; i < 5_000; i++) network.hear(pointers(300, 1_500));
  network.hear(query({ ask: ["A front-door.local"] }));
  await clock.advance(0);
  assert.deepEqual(network.take(), [], "no more is read for now");
  await clock.advance(1_000);
  network.hear(query({ ask: ["A front-door.local"] }));
  await clock.advance(0);
  assert.equal(network.take().length, 1);
});

Deno.test("the longest chain of pointers that fits is read once and ends", () => {
  const message = readPacket(pointers(300, 1_500));
  assert.equal(message?.answers.at(-1)?.name, "_latchkey._tcp.local");
});
