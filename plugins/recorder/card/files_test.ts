import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../../core/testing/temp_dir.ts";
import { CardFiles } from "./files.ts";

Deno.test(
  "B-REC-6: a link on a card, made in another machine, leads to none of the panel's own files",
  inTempDir(async (dir) => {
    const card = join(dir, "card");
    mkdirSync(card);
    writeFileSync(join(dir, "secret"), "of the panel");
    symlinkSync(join(dir, "secret"), join(card, "clip"));
    symlinkSync(dir, join(card, "folder"));
    const files = new CardFiles(card);
    for (const name of ["clip", "folder", "."]) {
      await assert.rejects(files.open(name), { code: "ENOENT" }, name);
      await assert.rejects(files.read(name, 100), { code: "ENOENT" }, name);
    }
    assert.deepEqual(await files.list(), []);
    await files.replace("clip", new Uint8Array([1]));
    assert.deepEqual(await files.read("clip", 100), new Uint8Array([1]));
    assert.deepEqual(await new CardFiles(dir).read("secret", 100), new TextEncoder().encode("of the panel"));
  }),
);

Deno.test(
  "B-REC-1: a file on a strange card that is far too large is not read into memory",
  inTempDir(async (card) => {
    const files = new CardFiles(card);
    writeFileSync(join(card, "latchkey.json"), "");
    truncateSync(join(card, "latchkey.json"), 64 * 1024 ** 3);
    await assert.rejects(files.read("latchkey.json", 4_096), { code: "ENOENT", message: /at most 4096/ });
  }),
);
