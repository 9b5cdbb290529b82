import assert from "node:assert/strict";
import { microphoneFault } from "./microphone.ts";

Deno.test("why there is no microphone is told with what to do, and with what else one may do", () => {
  assert.match(microphoneFault("insecure"), /https/);
  assert.match(microphoneFault("NotAllowedError"), /Allow it in the browser’s settings/);
  assert.match(microphoneFault("NotReadableError"), /another program/);
  for (const name of ["insecure", "NotAllowedError", "NotFoundError", "NotReadableError", ""]) {
    assert.match(microphoneFault(name), /[a-z]\.$/, name);
    assert.match(microphoneFault(name, ", or choose a file"), /, or choose a file\.$/, name);
  }
});
