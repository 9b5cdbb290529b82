import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { isLater, readRtp } from "./rtp.ts";

const HEAD = [0x80, 111, 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 2];

Deno.test("a packet's payload is found behind sources, extensions and before padding", () => {
  const payload = [9, 8, 7];
  const packets = {
    plain: [...HEAD, ...payload],
    sources: [0x82, ...HEAD.slice(1), ...new Array(8).fill(1), ...payload],
    extension: [0x90, ...HEAD.slice(1), 0xbe, 0xde, 0, 1, 1, 2, 3, 4, ...payload],
    padding: [0xa0, ...HEAD.slice(1), ...payload, 0, 2],
  };
  for (const [name, bytes] of Object.entries(packets)) {
    const packet = readRtp(Buffer.from(bytes));
    assert.deepEqual(
      { ...packet, payload: [...packet?.payload ?? []] },
      { payloadType: 111, sequence: 0x1234, payload },
      name,
    );
  }
});

Deno.test("what is no packet of sound is none: too short, another version, reports, empty, lengths that lie", () => {
  const none = {
    short: HEAD.slice(0, 11),
    version: [0x40, ...HEAD.slice(1), 1],
    report: [0x80, 200, ...HEAD.slice(2), 1],
    empty: HEAD,
    extension: [0x90, ...HEAD.slice(1), 0, 0, 0, 9, 1],
    cut: [0x90, ...HEAD.slice(1), 0],
    padding: [0xa0, ...HEAD.slice(1), 1, 200],
  };
  for (const [name, bytes] of Object.entries(none)) {
    assert.equal(readRtp(Buffer.from(bytes)), undefined, name);
  }
});

Deno.test("numbers begin again after 65,535", () => {
  assert.deepEqual([isLater(1, 0), isLater(0, 65_535), isLater(65_535, 0), isLater(5, 5)], [
    true,
    true,
    false,
    false,
  ]);
});
