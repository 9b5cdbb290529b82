import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { systemRandom } from "../../random.ts";
import { inTempDir } from "../../testing/temp_dir.ts";
import { digestOfSums, packageSums } from "../package_sums.ts";
import { packageJson, pieces, tar, type TarEntry, tgz } from "../testing/packages.ts";
import { copyPackage } from "./copy.ts";
import { contentOf, incomingDir, waitingDir } from "./places.ts";
import { Staging } from "./staging.ts";
import { unpackPackage } from "./unpack.ts";

const UPLOAD = "upload";
const JSON_TEXT = packageJson("chime");
const FILES = { "package.json": JSON_TEXT, "mod.ts": "export default 1;", "lib/a.ts": "" };

const stagingIn = (plugins: string) => new Staging({ plugins, now: () => 5, random: systemRandom });
const upload = (staging: Staging, bytes: Uint8Array) =>
  staging.take((into) => unpackPackage(pieces(bytes), into), UPLOAD);
/** What is left, but for the lock. */
const left = (plugins: string) =>
  existsSync(incomingDir(plugins))
    ? readdirSync(incomingDir(plugins)).filter((name) => name !== "panel.lock")
    : [];

Deno.test(
  "a package waits under its digest, whether it came as an archive or as a folder",
  inTempDir(async (dir) => {
    const staging = stagingIn(dir);
    const waiting = await upload(staging, tgz(FILES));
    const folder = join(dir, "author");
    mkdirSync(join(folder, "lib"), { recursive: true });
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
    assert.equal(waiting.digest, digestOfSums(packageSums(folder)));
    assert.deepEqual([waiting.manifest.id, waiting.origin], ["chime", {
      from: "upload",
      package: "latchkey-plugin-chime",
      integrity: null,
    }]);
    assert.equal(packageSums(contentOf(waitingDir(dir, waiting.digest))), packageSums(folder));
    const again = await staging.take((into) => copyPackage(folder, into), "folder");
    assert.deepEqual([again.digest, left(dir)], [waiting.digest, [waiting.digest]]);
    assert.deepEqual(staging.list().map(({ origin }) => origin.from), ["folder"]);
    staging.drop(waiting.digest);
    assert.deepEqual([staging.list(), left(dir)], [[], []]);
    assert.throws(() => staging.get(waiting.digest), { code: "package-unknown", status: 404 });
  }),
);

Deno.test(
  "what npm pack and tar make is taken, and its files may be read by whoever the plugin's process is",
  inTempDir(async (dir) => {
    const folder = join(dir, "package");
    mkdirSync(join(folder, "lib", "a".repeat(90), "b".repeat(60)), { recursive: true });
    for (const [path, text] of Object.entries(FILES)) {
      writeFileSync(join(folder, path), text, { mode: 0o600 });
    }
    writeFileSync(join(folder, "lib", "a".repeat(90), "b".repeat(60), "deep.ts"), "");
    const staging = stagingIn(join(dir, "plugins"));
    for (const format of ["ustar", "gnu", "pax"]) {
      const archive = join(dir, `${format}.tgz`);
      execFileSync("tar", ["-czf", archive, `--format=${format}`, "-C", dir, "package"]);
      const { digest } = await staging.take((into) => copyPackage(archive, into), UPLOAD);
      assert.equal(digest, digestOfSums(packageSums(folder)), format);
      const content = contentOf(waitingDir(join(dir, "plugins"), digest));
      assert.equal(statSync(join(content, "lib", "a.ts")).mode & 0o777, 0o644);
      assert.equal(statSync(join(content, "lib")).mode & 0o777, 0o755);
    }
  }),
);

const file = (name: string, content: string | Uint8Array = ""): TarEntry => ({ name, content });
const BASE = [file("package/package.json", JSON_TEXT), file("package/mod.ts", "1")];
const packed = (...entries: TarEntry[]) => gzipSync(tar([...BASE, ...entries]));
const many = (count: number) => Array.from({ length: count }, (_, i) => file(`package/f${i}`));
const MIB = 1024 * 1024;

const HOSTILE: [what: string, archive: () => Uint8Array, message: RegExp][] = [
  ["a way up", () => packed(file("package/../../evil.ts")), /"\.\.\/\.\.\/evil\.ts" can't be in it/],
  ["a way up from the start", () => packed(file("../evil.ts")), /must be in package\/, and "\.\.\/evil/],
  ["an absolute path", () => packed(file("/etc/evil")), /must be in package\/, and "\/etc\/evil"/],
  ["a path that is absolute within", () => packed(file("package//etc/evil")), /and "\/etc\/evil" has others/],
  [
    "a folder that leads up",
    () => packed({ name: "package/../up/", type: "5" }),
    /"\.\.\/up" can't be in it/,
  ],
  ["a way along here", () => packed(file("package/./mod.ts")), /can't be in it, because of "\."/],
  ["a backslash", () => packed(file("package\\..\\evil.ts")), /must be in package\//],
  ["a backslash within", () => packed(file("package/a\\..\\b.ts")), /has others/],
  ["another top folder", () => packed(file("other/mod.ts")), /"other\/mod\.ts" is not/],
  [
    "a symbolic link",
    () => packed({ name: "package/l", type: "2", linkname: "/etc/passwd" }),
    /but a symlink/,
  ],
  [
    "a link to a folder, and a file through it",
    () => packed({ name: "package/l", type: "2", linkname: "/tmp" }, file("package/l/evil")),
    /but a symlink/,
  ],
  ["a hard link", () => packed({ name: "package/l", type: "1", linkname: "package/mod.ts" }), /but a link/],
  ["a device", () => packed({ name: "package/null", type: "3" }), /but a character-device/],
  ["a pipe", () => packed({ name: "package/pipe", type: "6" }), /but a fifo/],
  [
    "a name twice",
    () => packed(file("package/mod.ts", "2")),
    /"mod\.ts" and "mod\.ts" are the same name twice/,
  ],
  ["names that differ in case", () => packed(file("package/MOD.ts")), /the same name twice/],
  [
    "folders that differ in case",
    () => packed(file("package/a/x"), file("package/A/y")),
    /the same name twice/,
  ],
  ["a file that is a folder too", () => packed(file("package/mod.ts/x")), /the same name twice/],
  ["a control character", () => packed(file("package/a\u001bb")), /"a\\u001bb" has others/],
  ["a letter that only looks like another", () => packed(file("package/mоd.ts")), /has others/],
  ["a name that reads backwards", () => packed(file("package/a\u202etxt.ts")), /has others/],
  ["modules of others", () => packed(file("package/node_modules/x.js")), /because of "node_modules"/],
  [
    "a path without end",
    () => packed({ name: "x", type: "L", content: `package/${"d/".repeat(3_000)}f` }, file("package/short")),
    /may have 200 characters/,
  ],
  ["too many files", () => packed(...many(1_000)), /more than 1000 files/],
  [
    "too many folders",
    () => packed(...many(1_000).map(({ name }) => ({ name, type: "5" }))),
    /more than 1000/,
  ],
  ["too much", () => packed(file("package/a", Buffer.alloc(33 * MIB))), /more than 32 MiB/],
  ["a bomb", () => gzipSync(Buffer.alloc(400 * MIB)), /more than 32 MiB/],
  [
    "a bomb behind the end",
    () => gzipSync(Buffer.concat([tar(BASE), Buffer.alloc(100 * MIB)])),
    /more than 32 MiB/,
  ],
  [
    "a size that is a lie",
    () => packed({ name: "package/a", size: 8 ** 11 - 1 }),
    /no archive, or was cut off/,
  ],
  ["a size beyond its end", () => packed({ name: "package/a", size: 5_000 }), /no archive, or was cut off/],
  ["an end that is missing", () => packed().subarray(0, 150), /no \.tgz, or was cut off/],
  ["a tar archive that is not packed", () => tar(BASE), /no \.tgz/],
  ["no archive", () => gzipSync("Hello"), /no archive|nothing in it/],
  ["text", () => Buffer.from("<html>"), /no \.tgz/],
  ["nothing", () => new Uint8Array(), /no \.tgz|nothing in it/],
  ["no files", () => gzipSync(tar([])), /nothing in it/],
  ["no package.json", () => gzipSync(tar(BASE.slice(1))), /no package\.json in it/],
  [
    "no entry",
    () => gzipSync(tar(BASE.slice(0, 1))),
    /latchkey\.entry is "mod\.ts", and there is no such file/,
  ],
  ["sums that leave a file out", () => packed(file("package/SHA256SUMS", "")), /does not list "mod\.ts"/],
  [
    "sums of a file that is missing",
    () => packed(file("package/SHA256SUMS", `${"0".repeat(64)}  gone.ts\n`)),
    /lists "gone\.ts", which is not there/,
  ],
  [
    "sums of another file",
    () => packed(file("package/SHA256SUMS", `${"0".repeat(64)}  mod.ts\n`)),
    /lists "mod\.ts", which is another/,
  ],
  ["sums that are a folder", () => packed(file("package/SHA256SUMS/a")), /SHA256SUMS is a folder/],
  [
    "a signature that is a folder",
    () => packed(file("package/SHA256SUMS.minisig/a")),
    /SHA256SUMS\.minisig is a folder/,
  ],
  ["sums without end", () => packed(file("package/SHA256SUMS", "ab\n".repeat(MIB))), /larger than 512 KiB/],
  [
    "a package.json that is a folder",
    () => gzipSync(tar([file("package/package.json/a"), file("package/mod.ts")])),
    /package\.json is a folder/,
  ],
  [
    "a package.json without end",
    () => gzipSync(tar([file("package/package.json", JSON_TEXT + " ".repeat(MIB)), file("package/mod.ts")])),
    /package\.json is larger than 64 KiB/,
  ],
  [
    "a package.json that is nested for ever",
    () =>
      gzipSync(tar([file("package/package.json", `{"name":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)])),
    /name is nested too deep/,
  ],
  [
    "an entry that is a folder",
    () => gzipSync(tar([...BASE.slice(0, 1), file("package/mod.ts/a")])),
    /latchkey\.entry is "mod\.ts", and there is no such file/,
  ],
  ["a signature of nothing", () => packed(file("package/SHA256SUMS.minisig", "x")), /but no SHA256SUMS/],
];

for (const [what, archive, message] of HOSTILE) {
  Deno.test(
    `a package with ${what} is refused with the reason, and nothing of it is left`,
    inTempDir(async (dir) => {
      const plugins = join(dir, "deep", "plugins");
      const refused = { code: /^plugin-(package|signature)$/, status: 422, message };
      await assert.rejects(upload(stagingIn(plugins), archive()), refused);
      assert.deepEqual(left(plugins), []);
      assert.deepEqual(readdirSync(dir), ["deep"]);
      assert.deepEqual(readdirSync(join(dir, "deep")), ["plugins"]);
    }),
  );
}

Deno.test(
  "an archive of more than 8 MiB is refused before more of it is read",
  inTempDir(async (dir) => {
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken++;
        yield systemRandom(MIB);
      }
    }
    const staging = stagingIn(dir);
    const head = gzipSync(tar([...BASE, file("package/noise", systemRandom(20 * MIB))]));
    await assert.rejects(upload(staging, head), { code: "too-large", status: 413 });
    await assert.rejects(staging.take((into) => unpackPackage(endless(), into), UPLOAD), { status: 422 });
    assert.ok(taken < 20, `${taken} MiB were taken`);
    assert.deepEqual(left(dir), []);
  }),
);

Deno.test(
  "two at once: the second is told to wait; afterwards it is taken, and what was cut off is gone",
  inTempDir(async (dir) => {
    const [one, two] = [stagingIn(dir), stagingIn(dir)];
    const { promise: stalled, resolve: goOn } = Promise.withResolvers<void>();
    const first = one.take(async (into) => {
      await stalled;
      await unpackPackage(pieces(tgz(FILES)), into);
    }, UPLOAD);
    await assert.rejects(upload(two, tgz(FILES)), { code: "staging-busy", status: 409 });
    two.tidy();
    goOn();
    const { digest } = await first;
    mkdirSync(join(incomingDir(dir), ".part-killed", "package"), { recursive: true });
    mkdirSync(join(incomingDir(dir), "0".repeat(64)));
    two.tidy();
    assert.deepEqual(left(dir), [digest]);
  }),
);

Deno.test(
  "at most 8 wait: the one that came first goes when a ninth comes",
  inTempDir(async (dir) => {
    let now = 0;
    const staging = new Staging({ plugins: dir, now: () => ++now, random: systemRandom });
    for (let minor = 0; minor < 9; minor++) {
      await upload(
        staging,
        tgz({ ...FILES, "package.json": packageJson("chime", { version: `1.${minor}.0` }) }),
      );
    }
    assert.deepEqual(
      staging.list().map(({ manifest }) => manifest.version),
      [8, 7, 6, 5, 4, 3, 2, 1].map((minor) => `1.${minor}.0`),
    );
  }),
);
