import assert from "node:assert/strict";
import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../testing/temp_dir.ts";
import { LOOKS_PER_READ, watchFolder } from "./folder_watch.ts";
import { digestOfSums, packageSums } from "./package_sums.ts";

const CHANGES: Record<string, (folder: string) => void> = {
  "a file with other content of the same length": (folder) => {
    writeFileSync(join(folder, "lib", "a.ts"), "2");
    utimesSync(join(folder, "lib", "a.ts"), 1, 1);
  },
  "a file that is longer": (folder) => writeFileSync(join(folder, "mod.ts"), "12"),
  "a new file": (folder) => writeFileSync(join(folder, "lib", "b.ts"), ""),
  "a file that is gone": (folder) => rmSync(join(folder, "mod.ts")),
  "a link": (folder) => symlinkSync("/etc/passwd", join(folder, "users")),
  "a folder that is gone": (folder) => rmSync(folder, { recursive: true }),
};

function folderIn(dir: string): string {
  const folder = join(dir, "weather");
  mkdirSync(join(folder, "lib"), { recursive: true });
  writeFileSync(join(folder, "mod.ts"), "1");
  writeFileSync(join(folder, "lib", "a.ts"), "1");
  return folder;
}

for (const [what, change] of Object.entries(CHANGES)) {
  Deno.test(
    `${what} is noticed`,
    inTempDir(async (dir) => {
      const folder = folderIn(dir);
      const watch = watchFolder(folder, digestOfSums(packageSums(folder)));
      assert.equal(await watch.areOthers(), false);
      change(folder);
      assert.equal(await watch.areOthers(), true);
    }),
  );
}

Deno.test(
  "a file that was only touched, or written again as it was, is no change",
  inTempDir(async (dir) => {
    const folder = folderIn(dir);
    const watch = watchFolder(folder, digestOfSums(packageSums(folder)));
    utimesSync(join(folder, "mod.ts"), 1, 1);
    assert.equal(await watch.areOthers(), false);
    writeFileSync(join(folder, "mod.ts"), "1");
    assert.equal(await watch.areOthers(), false);
  }),
);

Deno.test(
  "a change whose traces were wiped off is found before long",
  inTempDir(async (dir) => {
    const folder = folderIn(dir);
    const watch = watchFolder(folder, digestOfSums(packageSums(folder)));
    const path = join(folder, "mod.ts");
    const { atime, mtime } = statSync(path);
    writeFileSync(path, "2");
    utimesSync(path, atime, mtime);
    let looks = 1;
    while (!await watch.areOthers()) looks++;
    assert.ok(looks <= LOOKS_PER_READ, `${looks} looks`);
  }),
);
