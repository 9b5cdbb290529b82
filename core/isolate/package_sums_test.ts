import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inTempDir } from "../testing/temp_dir.ts";
import { digestOfSums, packageSums } from "./package_sums.ts";

function put(dir: string, path: string, text = ""): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

Deno.test(
  "the sums of a package are what sha256sum writes and takes, each file but the sums and their signature, by path",
  inTempDir((dir) => {
    const paths = ["README.md", "lib/a.ts", "lib-b.ts", "mod.ts", "package.json"];
    for (const path of [...paths].reverse()) put(dir, path, `what is in ${path}`);
    put(dir, "sub/SHA256SUMS", "of another");
    for (const path of ["SHA256SUMS", "SHA256SUMS.minisig"]) put(dir, path, "left out");
    const text = packageSums(dir);
    const listed = ["README.md", "lib-b.ts", "lib/a.ts", "mod.ts", "package.json", "sub/SHA256SUMS"];
    assert.equal(text, execFileSync("sha256sum", listed, { cwd: dir, encoding: "utf8" }));
    assert.equal(
      `${digestOfSums(text)}  -\n`,
      execFileSync("sha256sum", { input: text, encoding: "utf8" }),
    );
    put(dir, "SHA256SUMS", text);
    execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: dir });
  }),
);

Deno.test(
  "a folder that holds what no package may is refused with the reason",
  inTempDir((dir) => {
    const cases: [string, RegExp, (folder: string) => void][] = [
      ["link", /"etc" is neither a file nor a folder/, (at) => symlinkSync("/etc", join(at, "etc"))],
      ["pipe", /"p" is neither/, (at) => execFileSync("mkfifo", [join(at, "p")])],
      ["hard", /"b" has another name elsewhere/, (at) => {
        put(dir, "outside");
        linkSync(join(dir, "outside"), join(at, "b"));
      }],
      ["blank", /"my file\.ts" has others/, (at) => put(at, "my file.ts")],
      ["accent", /has others/, (at) => put(at, "é.ts")],
      ["line", /"a\\nb" has others/, (at) => put(at, "a\nb")],
      ["case", /the same name twice/, (at) => ["a/Mod.ts", "a/mod.ts"].forEach((path) => put(at, path))],
      ["folders", /"Lib" and "lib" are the same name twice/, (at) => {
        ["Lib/a.ts", "lib/b.ts"].forEach((path) => put(at, path));
      }],
      ["modules", /because of "node_modules"/, (at) => put(at, "node_modules/x/mod.ts")],
      ["git", /because of "\.git"/, (at) => put(at, ".git/config")],
      ["deep", /may have 200 characters/, (at) => put(at, `${"deep/".repeat(40)}mod.ts`)],
      ["many", /more than 1000 files/, (at) => {
        for (let count = 0; count <= 1_000; count++) put(at, `files/${count}`);
      }],
      ["big", /more than 32 MiB/, (at) => {
        for (const name of ["a", "b"]) {
          put(at, name);
          truncateSync(join(at, name), 16 * 1024 * 1024 + (name === "b" ? 1 : 0));
        }
      }],
    ];
    for (const [name, message, make] of cases) {
      const folder = join(dir, name);
      mkdirSync(folder);
      make(folder);
      assert.throws(() => packageSums(folder), { code: "plugin-package", status: 422, message }, name);
    }
  }),
);
