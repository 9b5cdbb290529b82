import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { flvConfig, flvFrame, FlvReader, flvStart, type FlvTag } from "./flv.ts";

function read(chunks: Buffer[]): FlvTag[] {
  const tags: FlvTag[] = [];
  const reader = new FlvReader((tag) => tags.push(tag));
  for (const chunk of chunks) reader.push(chunk);
  return tags;
}

/** In pieces of these lengths, over and over. */
function cut(bytes: Buffer, lengths: number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length]!;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((array) => Buffer.from(array));
const frames = fc.array(
  fc.record({ data: bytes, key: fc.boolean(), at: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
);

Deno.test("FLV says what was put into it, however it is cut on its way", () => {
  fc.assert(
    fc.property(
      bytes,
      frames,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (config, all, lengths) => {
        const stream = Buffer.concat([flvStart(config), ...all.map(flvFrame), flvConfig(config)]);
        const tags = read(cut(stream, lengths));
        assert.deepEqual(tags, [
          { kind: "config", data: config },
          ...all.map((frame) => ({ kind: "frame", ...frame })),
          { kind: "config", data: config },
        ]);
      },
    ),
  );
});

Deno.test("a frame is there with its last byte, not with the first of the next", () => {
  const stream = Buffer.concat([
    flvStart(Buffer.from([1])),
    flvFrame({ at: 0, key: true, data: Buffer.from([7]) }),
  ]);
  assert.equal(read([stream.subarray(0, -1)]).length, 1);
  assert.equal(read([stream]).length, 2);
});

Deno.test("what is no FLV, is coded otherwise or would fill the memory is refused", () => {
  assert.throws(() => read([Buffer.from("RIFF, for example")]), /not FLV/);
  const sorenson = flvFrame({ at: 0, key: true, data: Buffer.from([7]) });
  sorenson[11] = 0x12;
  assert.throws(() => read([flvStart(Buffer.from([1])), sorenson]), /only H.264/);
  const endless = flvFrame({ at: 0, key: true, data: Buffer.from([7]) });
  endless.writeUIntBE(0xffffff, 1, 3);
  assert.throws(() => read([flvStart(Buffer.from([1])), endless]), /too long/);
});
