import assert from "node:assert/strict";
import { passphraseFault } from "./passphrase.ts";

Deno.test("a passphrase is typed twice, is long enough, and the message never holds it", () => {
  const good = "sleepy otter paints";
  assert.equal(passphraseFault(good, good), undefined);
  assert.equal(
    passphraseFault("caf\u00e9 au lait 1", "cafe\u0301 au lait 1"),
    undefined,
    "spelled by two keyboards",
  );
  assert.match(passphraseFault(good, `${good} `) ?? "", /not the same/);
  const short = passphraseFault("otter paints".slice(1), "otter paints".slice(1)) ?? "";
  assert.match(short, /12 to 200/);
  assert.doesNotMatch(short, /tter/);
});
