import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { numbered } from "./names.ts";

const FIRST = { instance: 1, host: 1 };

Deno.test("the names that are wanted are the panel's, the host's in lower case", () => {
  assert.deepEqual(numbered({ instance: "Front door", host: "Front-Door" }, FIRST), {
    instance: "Front door",
    host: "front-door",
  });
});

Deno.test("where somebody else has a name, the panel's has a number, each its own", () => {
  const wanted = { instance: "Front door", host: "gate-7" };
  assert.deepEqual(numbered(wanted, { instance: 2, host: 1 }), {
    instance: "Front door (2)",
    host: "gate-7",
  });
  assert.deepEqual(numbered(wanted, { instance: 1, host: 12 }), {
    instance: "Front door",
    host: "gate-7-12",
  });
});

Deno.test("a name is one label of at most 63 bytes, number included, and no letter is cut apart", () => {
  const { instance, host } = numbered({ instance: "🚪".repeat(60), host: "d".repeat(63) }, {
    instance: 10,
    host: 10,
  });
  assert.equal(instance, `${"🚪".repeat(14)} (10)`);
  assert.equal(host, `${"d".repeat(60)}-10`);
  assert.ok(Buffer.byteLength(instance) <= 63);
});

Deno.test("a dot would end the label, so there is none", () => {
  assert.equal(numbered({ instance: "St. Anna 3.b", host: "anna" }, FIRST).instance, "St Anna 3 b");
  assert.equal(numbered({ instance: "...", host: "anna" }, FIRST).instance, "Latchkey");
});
