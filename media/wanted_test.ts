import assert from "node:assert/strict";
import { isMediaWanted } from "./wanted.ts";

Deno.test("the media process starts where there is a camera, a loudspeaker or a microphone", () => {
  const none = { "plugins.camera.source": "none", "plugins.intercom": false };
  const real = { board: "gpio" };
  const table: [given: Record<string, unknown>, wanted: boolean][] = [
    [{}, true],
    [none, false],
    [real, false],
    [{ ...real, "plugins.camera.source": "v4l2" }, true],
    [{ ...real, "plugins.intercom.microphone": "default" }, true],
    [{ ...real, "plugins.intercom.loudspeaker": "none" }, false],
    [{ "plugins.camera": "false", "plugins.intercom.loudspeaker": "none" }, true],
    [{ "plugins.camera": false, "plugins.intercom": "false" }, false],
  ];
  for (const [given, wanted] of table) {
    assert.equal(isMediaWanted({ given: (name) => given[name] }), wanted, JSON.stringify(given));
  }
});
