import assert from "node:assert/strict";
import { assertEngine } from "./engine.ts";

Deno.test("a Node before 22 is refused with what to do; Deno says that it is an old Node and is not one", () => {
  assert.throws(() => assertEngine({ node: "20.20.2" }), {
    code: "engine-too-old",
    message: /^Node 20\.20\.2 /,
  });
  assertEngine({ node: "22.0.0" });
  assertEngine({ node: "20.20.2", deno: "2.9.6" });
});
