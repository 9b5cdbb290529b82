import assert from "node:assert/strict";
import { encode } from "uqr";
import { decode } from "./qr_reader.ts";

Deno.test("the reader of QR codes reads every length of link that the pages draw, at each level of correction", () => {
  for (const ecc of ["L", "M", "Q", "H"] as const) {
    for (let length = 1; length <= 58; length += 3) {
      const text = "https://door.local/#join=abcdefghijkKLMNOP-_0123456789é".slice(0, length).padEnd(
        length,
        "x",
      );
      const { data, size } = encode(text, { ecc, border: 0 });
      if (size > 41) continue;
      assert.equal(decode(size, (x, y) => data[y]![x]!), text, `${ecc} ${length}`);
    }
  }
});
