import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../testing/temp_dir.ts";
import { assertPlain } from "./folder.ts";

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
