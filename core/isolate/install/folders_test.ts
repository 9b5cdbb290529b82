import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "../../random.ts";
import { inTempDir } from "../../testing/temp_dir.ts";
import { cacheOf } from "../launch/fence.ts";
import { digestOfSums, packageSums } from "../package_sums.ts";
import { packageJson, pieces, tgz } from "../testing/packages.ts";
import { pluginFolders } from "./folders.ts";
import { grantFor } from "./installer.ts";
import { contentOf, waitingDir } from "./places.ts";
import { Staging } from "./staging.ts";
import { unpackPackage } from "./unpack.ts";

const ARCHIVE = tgz({ "package.json": packageJson("chime"), "mod.ts": "1" });

Deno.test(
  "a package that was sent away, which was cut off, takes no place at the next start",
  inTempDir(async (plugins) => {
    const staging = new Staging({ plugins, now: () => 0, random: systemRandom });
    const take = () => staging.take((into) => unpackPackage(pieces(ARCHIVE), into), "upload");
    const folders = pluginFolders(plugins, systemRandom);
    const grant = grantFor(await take(), null, undefined);
    folders.place(grant);
    // The same once more, of which some was removed when the power went.
    await take();
    rmSync(join(contentOf(waitingDir(plugins, grant.digest)), "mod.ts"));
    folders.settle([grant], []);
    assert.equal(digestOfSums(packageSums(join(plugins, "chime"))), grant.digest);
  }),
);

Deno.test(
  "the folder of a plugin whose grant can't be read stays, and what was compiled of it; nobody's does not",
  inTempDir((plugins) => {
    for (const id of ["weather", "nobodys"]) {
      for (const path of [join(plugins, id), cacheOf(plugins, id)]) mkdirSync(path, { recursive: true });
    }
    pluginFolders(plugins, systemRandom).settle([], ["weather"]);
    const left = ["weather", "nobodys"].flatMap((id) =>
      [join(plugins, id), cacheOf(plugins, id)].map(existsSync)
    );
    assert.deepEqual(left, [true, true, false, false]);
    return Promise.resolve();
  }),
);
