import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { parameterSets } from "./h264.ts";
import { CONFIG } from "./testing/fake_tool.ts";

Deno.test("parameter sets stand before a key frame each behind its length", () => {
  assert.deepEqual([...parameterSets(CONFIG)], [0, 0, 0, 3, 0x67, 1, 2, 0, 0, 0, 2, 0x68, 3]);
});

Deno.test("a configuration that is cut off, or counts lengths otherwise, is refused", () => {
  for (let length = 0; length < CONFIG.length; length++) {
    assert.throws(() => parameterSets(CONFIG.subarray(0, length)), /can't be read/, String(length));
  }
  const short = Buffer.from(CONFIG);
  short[4] = 0xfd;
  assert.throws(() => parameterSets(short), /four bytes/);
});
