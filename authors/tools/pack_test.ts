import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSignedBy, readKey, readSignature } from "../../core/isolate/install/minisign.ts";
import { Staging } from "../../core/isolate/install/staging.ts";
import { copyPackage } from "../../core/isolate/install/copy.ts";
import { systemRandom } from "../../core/random.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findMinisign } from "../../scripts/test_tools.ts";
import { newPlugin } from "./new.ts";
import { packPlugin } from "./pack.ts";

/** Takes the archive in as a panel does. */
function takeIn(plugins: string, archive: string) {
  const staging = new Staging({ plugins, now: () => 0, random: systemRandom });
  return staging.take((into) => copyPackage(archive, into), "file");
}

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const { stdout, success } = await new Deno.Command(command, { args, cwd, stdin: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(success, text);
  return text;
}

Deno.test(
  "plugin:pack makes the same bytes of the same files, whenever and wherever",
  inTempDir(async (dir) => {
    const first = await newPlugin("trial", join(dir, "a"));
    const second = await newPlugin("trial", join(dir, "b"));
    writeFileSync(join(second, ".notes"), "Mine");
    writeFileSync(join(second, "more_test.ts"), "");
    utimesSync(join(second, "mod.ts"), 1, 1);
    const one = await packPlugin({ folder: first, into: join(dir, "a") });
    const other = await packPlugin({ folder: second, into: join(dir, "b") });
    assert.deepEqual(readFileSync(one.path), readFileSync(other.path));
    assert.equal(one.digest, other.digest);
    assert.match(one.path, /trial-0\.1\.0\.tgz$/);
    writeFileSync(join(second, "mod.ts"), "export {};");
    assert.notEqual((await packPlugin({ folder: second, into: join(dir, "b") })).digest, one.digest);
  }),
);

Deno.test(
  "plugin:pack makes what tar unpacks, sha256sum checks and a panel takes in, and no test is in it",
  inTempDir(async (dir) => {
    const folder = await newPlugin("trial", dir);
    const { path, digest } = await packPlugin({ folder, into: dir });
    const listed = (await run("tar", ["--utc", "-tvzf", path], dir)).trim().split("\n");
    for (const line of listed) assert.match(line, /^-rw-r--r-- 0\/0 +\d+ 1985-10-26 08:15 package\//);
    await run("tar", ["-xzf", path], dir);
    const unpacked = join(dir, "package");
    assert.deepEqual(readdirSync(unpacked).sort(), ["README.md", "SHA256SUMS", "mod.ts", "package.json"]);
    assert.equal(statSync(join(unpacked, "mod.ts")).mode & 0o777, 0o644);
    assert.match(await run("sha256sum", ["-c", "--strict", "SHA256SUMS"], unpacked), /mod\.ts: OK/);
    const waiting = await takeIn(join(dir, "plugins"), path);
    assert.deepEqual([waiting.digest, waiting.manifest.id, waiting.signature], [digest, "trial", undefined]);
  }),
);

Deno.test({
  name: "plugin:pack signs with minisign, and a panel finds the signature to be of that key",
  ignore: findMinisign() === undefined,
  fn: inTempDir(async (dir) => {
    await run(findMinisign()!, ["-G", "-W", "-p", "key.pub", "-s", "key"], dir);
    const folder = await newPlugin("trial", dir);
    const { path, files, digest } = await packPlugin({ folder, into: dir, key: join(dir, "key") });
    assert.ok(files.includes("SHA256SUMS.minisig"));
    const { signature, digest: found } = await takeIn(join(dir, "plugins"), path);
    assert.equal(found, digest);
    await run("tar", ["-xzf", path], dir);
    const sums = readFileSync(join(dir, "package", "SHA256SUMS"), "utf8");
    const [, key = ""] = readFileSync(join(dir, "key.pub"), "utf8").split("\n");
    assert.ok(isSignedBy(readKey(key), signature!, sums));
    assert.equal(
      readSignature(readFileSync(join(dir, "package/SHA256SUMS.minisig"), "utf8")).keyId,
      signature!.keyId,
    );
    await assert.rejects(packPlugin({ folder, into: dir, key: join(dir, "none") }), {
      message: /no key .*minisign -G/,
    });
  }),
});
