import assert from "node:assert/strict";
import { accessSync, constants, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { inTempDir } from "../../../core/testing/temp_dir.ts";
import { recorderNeeds } from "../keys.ts";
import { mountedSlot } from "./slots.ts";

/** Another file system than that of temporary files, as a card is. */
const elsewhere = ["/dev/shm", "/run", "/run/lock", "/var/tmp", "."].find((path) => {
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).dev !== statSync(tmpdir()).dev;
  } catch {
    return false;
  }
});

Deno.test({
  name: "a card that the system mounts is used there, and a folder in which nothing is mounted is not",
  ignore: elsewhere === undefined,
  fn: inTempDir(async (data) => {
    const card = mkdtempSync(`${elsewhere}/latchkey-`);
    try {
      assert.equal(await mountedSlot(data, data)(), undefined, "it is on the panel's own disk");
      assert.equal(await mountedSlot(`${card}/not-there`, data)(), undefined);
      const found = await mountedSlot(card, data)();
      assert.ok(found);
      await found.files.replace("one", new Uint8Array(10));
      assert.deepEqual((await found.files.list()).map(({ name, bytes }) => [name, bytes]), [["one", 10]]);
      const { total, free } = await found.files.space();
      assert.ok(total >= free && free > 0);
    } finally {
      rmSync(card, { recursive: true });
    }
  }),
});

Deno.test("the runtime may write on a mounted card, and nowhere else for it", () => {
  const needs = (path: unknown) => recorderNeeds({ given: () => path, isLoopback: true });
  assert.deepEqual(needs("/media/card"), { read: ["/media/card"], write: ["/media/card"], sys: ["statfs"] });
  for (const path of [undefined, "", "/", "card", "/media/card,/etc", "/media/", 7]) {
    assert.deepEqual(needs(path), {});
  }
});
