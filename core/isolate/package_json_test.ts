import assert from "node:assert/strict";
import { LatchkeyError } from "../errors.ts";
import { manifestOf } from "./package_json.ts";

const json = (more: object = {}, latchkey: object = {}): string =>
  JSON.stringify({
    name: "latchkey-plugin-chime",
    version: "1.2.3",
    ...more,
    latchkey: { id: "chime", title: "The chime", api: 1, entry: "mod.ts", ...latchkey },
  });

Deno.test("a plugin's package says what the plugin is and what it wants", () => {
  const manifest = manifestOf(json({ license: "MIT" }, { wants: { net: ["chime.lan:80"] } }));
  assert.equal(manifest.id, "chime");
  assert.equal(manifest.version, "1.2.3");
  assert.deepEqual(manifest.wants.net, ["chime.lan:80"]);
  assert.deepEqual(manifest.wants.release, []);
});

Deno.test("a package that is no plugin's is refused with the field, its value and what is allowed", () => {
  const cases: [string, RegExp][] = [
    ["{", /no JSON/],
    ["[]", /all of it is \[\]/],
    [JSON.stringify({ name: "left-pad", version: "1.0.0" }), /latchkey is missing/],
    [json({ version: "one" }), /version is "one": a version such as 1\.2\.3/],
    [json({}, { id: "access" }), /latchkey\.id is "access": an id that is no word of the panel's own/],
    [json({}, { wants: { net: ["*"] } }), /latchkey\.wants\.net\.0 is "\*": a host such as/],
    [json({}, { version: "1.0.0" }), /latchkey is .*version/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => manifestOf(text),
      (error) =>
        error instanceof LatchkeyError && error.code === "plugin-package" && message.test(error.message),
      text,
    );
  }
});
