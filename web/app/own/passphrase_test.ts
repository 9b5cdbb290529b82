import assert from "node:assert/strict";
import { passphraseFault } from "./passphrase.ts";

Deno.test("a passphrase is typed twice, and is the same however the keyboard spells it", () => {
  assert.equal(passphraseFault("sleepy otter paints", "sleepy otter paints"), undefined);
  assert.equal(passphraseFault("caf\u00e9 au lait", "cafe\u0301 au lait"), undefined);
  assert.match(passphraseFault("sleepy otter paints", "sleepy otter paints ") ?? "", /not the same/);
  assert.match(passphraseFault("", "") ?? "", /Type/);
});
