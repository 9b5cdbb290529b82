import assert from "node:assert/strict";
import { tokenIn } from "./token.ts";

const TOKEN = "q2J9-0bR_x7LmZkP4sTfUv1WyA3cEdGhIjKlMnOpQrS";

Deno.test("a token is found in the link that the panel prints, or alone", () => {
  assert.equal(tokenIn(`http://127.0.0.1:8080/#token=${TOKEN}`), TOKEN);
  assert.equal(tokenIn(`  http://door.local/#token=${TOKEN}\n`), TOKEN);
  assert.equal(tokenIn(TOKEN), TOKEN);
});

Deno.test("no token is seen where there is none", () => {
  for (
    const text of [
      "",
      "hello",
      "http://127.0.0.1:8080/",
      "http://127.0.0.1:8080/?token=abcdefghijk",
      "#token=",
    ]
  ) {
    assert.equal(tokenIn(text), undefined, text);
  }
});
