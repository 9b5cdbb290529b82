import assert from "node:assert/strict";
import { compareVersions } from "./versions.ts";

Deno.test("versions are ordered as npm orders them", () => {
  const order = [
    "0.9.9",
    "0.10.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "10.0.0",
  ];
  for (const [i, older] of order.entries()) {
    assert.equal(compareVersions(older, older), 0);
    for (const newer of order.slice(i + 1)) {
      assert.ok(compareVersions(older, newer) < 0, `${older} < ${newer}`);
      assert.ok(compareVersions(newer, older) > 0, `${newer} > ${older}`);
    }
  }
  assert.equal(compareVersions("1.0.0+one", "1.0.0+two"), 0);
});
