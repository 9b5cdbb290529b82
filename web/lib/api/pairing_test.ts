import assert from "node:assert/strict";
import { makeKeys } from "./device.ts";
import { codeIn, deviceName, pair, pairingIn } from "./pairing.ts";

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

Deno.test("a device whose pairing was answered into nothing asks again with the same key", async () => {
  const real = {
    fetch: globalThis.fetch,
    location: Object.getOwnPropertyDescriptor(globalThis, "location")!,
  };
  const location = { origin: "https://door.local" };
  Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  const keys: string[] = [];
  const headers = { "dpop-nonce": "n" };
  // deno-lint-ignore require-await -- what it throws is a fetch that fails
  globalThis.fetch = async (url, init) => {
    if (String(url).endsWith("/identity")) return new Response(null, { headers });
    const [header = ""] = new Headers(init?.headers).get("dpop")!.split(".");
    keys.push(JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))).jwk.x);
    if (keys.length < 3) throw new TypeError("The connection was lost");
    return Response.json({ token: "t" }, { headers });
  };
  const kept: string[] = [];
  try {
    const keep = (device: { token: string }) => Promise.resolve(void kept.push(device.token));
    const { signal } = new AbortController();
    const options = { waiting: () => {}, signal, storage: { keys: makeKeys, keep }, pauseMs: 0 };
    await pair({ kind: "join", code: CODE }, { name: "Anna", deviceName: "Phone" }, options);
  } finally {
    globalThis.fetch = real.fetch;
    Object.defineProperty(globalThis, "location", real.location);
  }
  assert.deepEqual([kept, keys.length, new Set(keys).size], [["t"], 3, 1]);
});

Deno.test("B-CARD-8: a code is found in the link that its QR code holds, digits or more than anyone can guess", () => {
  assert.equal(codeIn("https://door.local/#code=12345678"), "12345678");
  assert.equal(codeIn(`#code=${CODE}`), CODE);
  for (const wrong of ["", "#code=1234567", "#code=123456789", `#code=${CODE}x`, `#join=${CODE}`]) {
    assert.equal(codeIn(wrong), undefined, wrong);
  }
});

Deno.test("a device is called what its browser says it is", () => {
  assert.equal(deviceName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"), "iPhone");
  assert.equal(deviceName("Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile Safari"), "Android phone");
  assert.equal(deviceName("Mozilla/5.0 (X11; Linux x86_64)"), "Linux computer");
  assert.equal(deviceName("curl/8"), "Browser");
});
