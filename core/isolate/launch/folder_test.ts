import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../testing/temp_dir.ts";
import { digestOfSums, packageSums } from "../package_sums.ts";
import { assertPlain, assertUnchanged, makeReadable } from "./folder.ts";

const refused = { code: "plugin-folder" };

Deno.test(
  "a folder of plain files and folders is taken",
  inTempDir((dir) => {
    mkdirSync(join(dir, "weather", "src"), { recursive: true });
    writeFileSync(join(dir, "weather", "src", "mod.ts"), "");
    assertPlain(dir, "weather");
  }),
);

Deno.test(
  "I-16: a folder that holds a link, a pipe, or is a link itself is refused, and so is one that is not there",
  inTempDir((dir) => {
    const make = (id: string) => {
      mkdirSync(join(dir, id, "deep"), { recursive: true });
      return join(dir, id, "deep");
    };
    symlinkSync("/etc/passwd", join(make("to-file"), "users.txt"));
    symlinkSync("/etc", join(make("to-folder"), "etc"));
    execFileSync("mkfifo", [join(make("pipe"), "pipe")]);
    symlinkSync(make("target"), join(dir, "is-link"));
    for (const id of ["to-file", "to-folder", "pipe", "is-link", "missing"]) {
      assert.throws(() => assertPlain(dir, id), refused, id);
    }
  }),
);

Deno.test(
  "I-16: a file that has a second name elsewhere is refused: it may be anyone's",
  inTempDir((dir) => {
    mkdirSync(join(dir, "plugins", "weather"), { recursive: true });
    writeFileSync(join(dir, "secret"), "");
    linkSync(join(dir, "secret"), join(dir, "plugins", "weather", "data.txt"));
    assert.throws(() => assertPlain(join(dir, "plugins"), "weather"), refused);
  }),
);

Deno.test(
  "a folder starts as it was let in, and not with a file that is another, is new, is gone, or that no digest covers",
  inTempDir(async (dir) => {
    const folder = join(dir, "weather");
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    mkdirSync(folder);
    write("mod.ts", "1");
    write("data.json", "{}");
    const order = { id: "weather", digest: digestOfSums(packageSums(folder)) };
    const changed = { code: "plugin-changed", message: /no longer those that the owner let in/ };
    await assertUnchanged(dir, order);
    await assert.rejects(assertUnchanged(dir, { ...order, digest: "0".repeat(64) }), changed);
    write("mod.ts", "2");
    await assert.rejects(assertUnchanged(dir, order), changed);
    write("mod.ts", "1");
    await assertUnchanged(dir, order);
    for (const name of ["new.ts", "SHA256SUMS", "SHA256SUMS.minisig"]) {
      write(name, "");
      await assert.rejects(assertUnchanged(dir, order), changed, name);
      rmSync(join(folder, name));
    }
    rmSync(join(folder, "data.json"));
    await assert.rejects(assertUnchanged(dir, order), changed);
    rmSync(folder, { recursive: true });
    await assert.rejects(assertUnchanged(dir, order), changed);
  }),
);

Deno.test(
  "a folder of the panel's user alone is made one that another user can read and nobody else can change",
  inTempDir((dir) => {
    mkdirSync(join(dir, "weather", "src"), { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, "weather", "src", "mod.ts"), "", { mode: 0o600 });
    makeReadable(dir, "weather");
    const modes = ["weather", "weather/src", "weather/src/mod.ts"].map((path) =>
      statSync(join(dir, path)).mode & 0o777
    );
    assert.deepEqual(modes, [0o755, 0o755, 0o644]);
  }),
);
