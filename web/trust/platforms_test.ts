import assert from "node:assert/strict";
import { platformOf, PLATFORMS } from "./platforms.ts";

const AGENTS: [string, number, string][] = [
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604", 5, "ios"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605", 5, "ios"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605", 0, "mac"],
  ["Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140 Mobile Safari/537", 5, "android"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140 Safari/537", 10, "windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 0, "linux"],
  ["Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140 Safari/537", 0, "linux"],
];

Deno.test("the trust page shows first what the device most likely is, an iPad as an iPad", () => {
  for (const [userAgent, maxTouchPoints, expected] of AGENTS) {
    assert.equal(platformOf({ userAgent, maxTouchPoints }), expected, userAgent);
  }
});

Deno.test("every device gets a file and says what to do with it", () => {
  assert.deepEqual(PLATFORMS.map(({ id }) => id), ["android", "ios", "windows", "mac", "linux"]);
  for (const { file, steps } of PLATFORMS) {
    assert.match(file.path, /^\/api\/v1\/root\.(crt|pem|mobileconfig)$/);
    assert.ok(steps.length >= 1);
  }
});
