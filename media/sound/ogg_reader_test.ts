import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { OggReader } from "./ogg_reader.ts";

/** Pages of at most this many segments, each packet laced as RFC 3533 says. */
function ogg(packets: Buffer[], segments: number): Buffer {
  const laced = packets.flatMap((packet) => {
    const count = Math.floor(packet.length / 255) + 1;
    return Array.from({ length: count }, (_, i) => packet.subarray(i * 255, (i + 1) * 255));
  });
  const pages: Buffer[] = [];
  for (let at = 0; at < laced.length; at += segments) {
    const own = laced.slice(at, at + segments);
    const head = Buffer.alloc(27);
    head.write("OggS");
    head[26] = own.length;
    pages.push(head, Buffer.from(own.map(({ length }) => length)), ...own);
  }
  return Buffer.concat(pages);
}

function read(stream: Buffer, step: number): Buffer[] {
  const packets: Buffer[] = [];
  const reader = new OggReader((packet) => packets.push(packet));
  for (let at = 0; at < stream.length; at += step) reader.push(stream.subarray(at, at + step));
  return packets;
}

Deno.test("Ogg gives each packet whole and without its two headers, however pages and chunks cut it", () => {
  const packet = fc.uint8Array({ minLength: 1, maxLength: 700 }).map((array) => Buffer.from(array));
  fc.assert(fc.property(
    fc.array(packet, { minLength: 2, maxLength: 8 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 400 }),
    (packets, segments, step) => assert.deepEqual(read(ogg(packets, segments), step), packets.slice(2)),
  ));
});

Deno.test("what is no Ogg is refused, and so is a packet without an end", () => {
  assert.throws(() => read(Buffer.alloc(40), 40), /not Ogg/);
  const endless = ogg([Buffer.alloc(255 * 400)], 255);
  assert.throws(() => read(endless, endless.length), /no end/);
});
