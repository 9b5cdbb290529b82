import assert from "node:assert/strict";
import { formatFrame, parseFrame } from "./frame.ts";

Deno.test("a frame is read back as it was written", () => {
  for (const cardKind of ["iso14443a", "em4100", "unknown"] as const) {
    for (const change of ["present", "removed"] as const) {
      const frame = { change, cardKind, uid: "04A1B2C3D4E5F6" };
      assert.deepEqual(parseFrame(formatFrame(frame)), frame);
    }
  }
});

Deno.test("I-12: a frame with any one bit flipped, cut or extended is not a frame", () => {
  const good = formatFrame({ change: "present", cardKind: "iso14443a", uid: "04A1B2C3" });
  for (let i = 0; i < good.length; i++) {
    assert.equal(parseFrame(good.slice(0, i)), undefined);
    for (let bit = 0; bit < 8; bit++) {
      const code = good.charCodeAt(i) ^ (1 << bit);
      const bad = good.slice(0, i) + String.fromCharCode(code) + good.slice(i + 1);
      assert.equal(parseFrame(bad), undefined, bad);
    }
  }
  for (const bad of [good + " ", good + "\n", good.repeat(2), "", "P:A::FFFF", null, 7, {}, [good]]) {
    assert.equal(parseFrame(bad), undefined);
  }
});
