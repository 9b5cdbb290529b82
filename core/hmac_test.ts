import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { hmacSha256 } from "./hmac.ts";

Deno.test("an HMAC is the one that node:crypto makes, whatever the lengths of key and text", () => {
  const bytes = (length: number, seed: number) =>
    Uint8Array.from({ length }, (_, index) => (index * 7 + seed) & 0xff);
  for (const keyLength of [0, 1, 31, 32, 63, 64, 65, 200]) {
    const key = bytes(keyLength, keyLength);
    for (const textLength of [0, 1, 55, 56, 64, 119, 1_000]) {
      const text = bytes(textLength, 3);
      const expected = createHmac("sha256", key).update("row").update(text).update("é").digest();
      assert.deepEqual(hmacSha256(key, "row", text, "é"), expected);
      // The second time with the key as it is remembered.
      assert.deepEqual(hmacSha256(key, "row", text, "é"), expected);
    }
  }
});

Deno.test("RFC 4231, test cases 2 and 6", () => {
  const ascii = (text: string) => new TextEncoder().encode(text);
  assert.equal(
    hmacSha256(ascii("Jefe"), "what do ya want ", "for nothing?").toString("hex"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  assert.equal(
    hmacSha256(new Uint8Array(131).fill(0xaa), "Test Using Larger Than Block-Size Key - Hash Key First")
      .toString("hex"),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  );
});
