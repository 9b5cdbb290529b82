import assert from "node:assert/strict";
import { deviceName, pairingIn } from "./pairing.ts";

const CODE = "AbCdEfGhIjKlMnOpQrSt-_";

Deno.test("a pairing is found in the link that the panel or a member gives, or in what follows the #", () => {
  const claim = { kind: "claim", code: CODE };
  assert.deepEqual(pairingIn(`http://127.0.0.1:8080/#claim=${CODE}&panel=0123`), claim);
  assert.deepEqual(pairingIn(`  https://door.local/#join=${CODE}\n`), { kind: "join", code: CODE });
  assert.deepEqual(pairingIn(`#claim=${CODE}`), claim);
  assert.deepEqual(pairingIn(`claim=${CODE}`), claim);
});

Deno.test("no pairing is seen where there is none", () => {
  const wrong = [
    "",
    "http://127.0.0.1:8080/",
    `http://door/?claim=${CODE}`,
    `#claim=${CODE}x`,
    "#claim=short",
    `#x${CODE}`,
  ];
  for (const text of wrong) assert.equal(pairingIn(text), undefined, text);
});

Deno.test("a device is called what its browser says it is", () => {
  assert.equal(deviceName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"), "iPhone");
  assert.equal(deviceName("Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile Safari"), "Android phone");
  assert.equal(deviceName("Mozilla/5.0 (X11; Linux x86_64)"), "Linux computer");
  assert.equal(deviceName("curl/8"), "Browser");
});
