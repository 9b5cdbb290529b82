import assert from "node:assert/strict";
import { opusSamples, SILENCE } from "./opus.ts";

Deno.test("how long a packet lasts is read from its first bytes, as RFC 6716 has it", () => {
  const packet = (configuration: number, code: number, ...rest: number[]) =>
    Uint8Array.of(configuration << 3 | code, ...rest);
  assert.equal(opusSamples(SILENCE), 960);
  assert.deepEqual([0, 1, 2, 3].map((one) => opusSamples(packet(one, 0))), [480, 960, 1_920, 2_880]);
  assert.deepEqual([12, 13].map((one) => opusSamples(packet(one, 0))), [480, 960]);
  assert.deepEqual([28, 29, 30, 31].map((one) => opusSamples(packet(one, 0))), [120, 240, 480, 960]);
  assert.deepEqual([opusSamples(packet(31, 1)), opusSamples(packet(31, 2))], [1_920, 1_920]);
  assert.equal(opusSamples(packet(31, 3, 0x80 | 3)), 2_880);
  assert.equal(opusSamples(new Uint8Array()), 0);
  assert.equal(opusSamples(packet(3, 3, 63)), 0, "no packet lasts 3.8 s");
});
