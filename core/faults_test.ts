import assert from "node:assert/strict";
import { z } from "zod";
import type { LatchkeyError } from "./errors.ts";
import { parseOr, shown } from "./faults.ts";

const schema = z.strictObject({
  name: z.string().max(5),
  validity: z.strictObject({ days: z.array(z.number()) }),
});

Deno.test("each fault names the field, what was given and what is allowed", () => {
  const wrong = { name: "Annabella", validity: { days: [1, "x"] }, colour: "red" };
  assert.throws(
    () => parseOr(schema, wrong, "settings-invalid", "plugins.demo"),
    (error: LatchkeyError) => {
      assert.equal(error.code, "settings-invalid");
      assert.deepEqual(error.faults.map(({ field, value }) => [field, value]), [
        ["plugins.demo.name", "Annabella"],
        ["plugins.demo.validity.days.1", "x"],
        ["plugins.demo.colour", "red"],
      ]);
      assert.match(error.message, /plugins\.demo\.name: Too big.*5 characters/);
      assert.match(error.message, /plugins\.demo\.colour: Unknown field; there is name, validity \(/);
      return true;
    },
  );
});

Deno.test("what is shown of a value is short", () => {
  assert.equal(shown("x".repeat(500)), `${"x".repeat(60)}…`);
  assert.equal(shown({ a: [1, 2] }), '{"a":[1,2]}');
  assert.equal(shown(undefined), null);
});

Deno.test("I-27: a secret is not repeated in a fault, neither by itself nor inside what holds it", () => {
  const strict = z.strictObject({ card: z.string() });
  assert.throws(
    () => parseOr(strict, { card: { uid: "04AABBCC", kind: 1 }, token: "s3cret" }, "wrong"),
    (error: LatchkeyError) => {
      const told = JSON.stringify([error.message, error.faults]);
      assert.doesNotMatch(told, /04AABBCC|s3cret/);
      assert.match(told, /hidden/);
      return true;
    },
  );
});

Deno.test("I-27: user and password of an address are not repeated in a fault, whatever its field is called", () => {
  const address = "rtsp:/viewer:pass:w/rd@10.0.0.9/main";
  assert.equal(shown(address), "rtsp:[hidden]@10.0.0.9/main");
  assert.equal(shown({ url: address, n: 1 }), '{"url":"rtsp:[hidden]@10.0.0.9/main","n":1}');
  // A space is why it is refused, and has to be written otherwise.
  for (const password of ["pass word", 'pa"ss', "pa\\ss", "x".repeat(3_000)]) {
    const wrong = `rtsp://viewer:${password}@10.0.0.9/main`;
    assert.equal(shown(wrong), "rtsp:[hidden]@10.0.0.9/main");
    assert.equal(shown({ url: wrong }), '{"url":"rtsp:[hidden]@10.0.0.9/main"}');
  }
  assert.equal(shown("anna@home and at 10:30"), "anna@home and at 10:30");
});
