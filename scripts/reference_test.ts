import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PAGE, publicSymbols, reference } from "./reference.ts";

Deno.test("documentation: the reference of what plugins import is what the source says", async () => {
  assert.equal(readFileSync(PAGE, "utf8"), await reference(), "write it anew with `deno task reference`");
});

for (const path of ["core/mod.ts", "authors/testing/mod.ts"]) {
  Deno.test(`documentation: everything that ${path} exports says what it is`, async () => {
    const symbols = await publicSymbols(path);
    assert.ok(symbols.length > 5);
    assert.deepEqual(symbols.filter(({ doc }) => doc.trim() === "").map(({ name }) => name), []);
  });
}
