import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { OggWriter } from "../../../media/sound/ogg_writer.ts";
import { OggPackets } from "./ogg.ts";

Deno.test("packets come out of what the panel makes, however it is cut", () => {
  const packets = [1, 80, 254, 255, 256, 510, 700].map((length) => new Uint8Array(length).fill(length % 251));
  const writer = new OggWriter();
  const stream = Buffer.concat([writer.head(), ...packets.map((packet) => writer.packet(packet))]);
  for (const size of [1, 7, 300, stream.length]) {
    const ogg = new OggPackets();
    const found: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) found.push(...ogg.push(stream.subarray(at, at + size)));
    assert.deepEqual(found.map((packet) => [...packet]), packets.map((packet) => [...packet]), `by ${size}`);
  }
});
