import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ApiPanel } from "../../core/http/testing/api_panel.ts";
import { packageSums } from "../../core/isolate/package_sums.ts";
import { packageJson } from "../../core/isolate/testing/packages.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { settle } from "../../core/testing/virtual_clock.ts";
import { findMinisign } from "../../scripts/test_tools.ts";

const minisign = findMinisign();

/** An author with a key of minisign's own making, who packs with npm's layout and tar. */
class Author {
  readonly #dir: string;
  readonly key: string;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(join(dir, "package"), { recursive: true });
    this.#minisign("-G", "-W", "-p", "key.pub", "-s", "key");
    this.key = readFileSync(join(dir, "key.pub"), "utf8");
  }

  /** @param flags of minisign: `-l` for the older kind */
  pack(
    version: string,
    flags: string[] = [],
    after: (folder: string) => void = () => {},
  ): Uint8Array<ArrayBuffer> {
    const folder = join(this.#dir, "package");
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), packageJson("chime", { version }));
    writeFileSync(join(folder, "mod.ts"), `// ${version}`);
    writeFileSync(join(folder, "SHA256SUMS"), packageSums(folder));
    this.#minisign("-S", ...flags, "-s", "key", "-m", "package/SHA256SUMS");
    after(folder);
    execFileSync("tar", ["-czf", "chime.tgz", "package"], { cwd: this.#dir });
    return new Uint8Array(readFileSync(join(this.#dir, "chime.tgz")));
  }

  #minisign(...args: string[]): void {
    execFileSync(minisign!, args, { cwd: this.#dir, stdio: "ignore" });
  }
}

const bring = (panel: ApiPanel, text: Uint8Array<ArrayBuffer>) =>
  panel.ask("POST", "/plugin-packages", { text, headers: { "content-type": "application/gzip" } });

const test = (name: string, run: (dir: string) => Promise<void>) =>
  Deno.test({
    name: name + (minisign ? "" : " (skipped: no minisign)"),
    ignore: !minisign,
    fn: inTempDir(run),
  });

test("a package that minisign has signed, in either way, is shown as signed by whom the owner knows, or by nobody that is known", async (dir) => {
  const author = new Author(dir);
  await using panel = await ApiPanel.start();
  const unknown = (await bring(panel, author.pack("1.0.0"))).body;
  assert.match(unknown.signed, /^Signed by a key you don't know \([0-9A-F]{16}\)$/);
  assert.equal(unknown.signer.name, null);
  const { body: key } = await panel.ask("POST", "/plugin-keys", { body: { name: "Ann", key: author.key } });
  assert.equal(key.keyId, unknown.signer.keyId);
  assert.equal(
    (await panel.ask("GET", "/plugin-packages")).body[0].signed,
    "Signed by Ann",
    "also what waits already",
  );
  for (const flags of [[], ["-l"]]) {
    const { body } = await bring(panel, author.pack("1.1.0", flags));
    assert.deepEqual([body.signed, body.warnings], ["Signed by Ann", []]);
  }
});

test("a wrong signature by a known key, wrong sums, and files that the sums leave out are refused outright", async (dir) => {
  const author = new Author(join(dir, "ann"));
  const other = new Author(join(dir, "other"));
  await using panel = await ApiPanel.start();
  await panel.ask("POST", "/plugin-keys", { body: { name: "Ann", key: author.key } });
  const edit = (name: string, change: (text: string) => string) => (folder: string) =>
    writeFileSync(join(folder, name), change(readFileSync(join(folder, name), "utf8")));
  const replaced = (folder: string) => {
    edit("mod.ts", () => "evil()")(folder);
    const signature = join(folder, "SHA256SUMS.minisig");
    const kept = readFileSync(signature);
    for (const name of ["SHA256SUMS", "SHA256SUMS.minisig"]) rmSync(join(folder, name));
    writeFileSync(join(folder, "SHA256SUMS"), packageSums(folder));
    writeFileSync(signature, kept);
  };
  const cases: [string, (folder: string) => void, RegExp][] = [
    ["other files, their sums, the old signature", replaced, /says that it is by "Ann" .*, and it is not/],
    ["another file", edit("mod.ts", () => "evil()"), /lists "mod\.ts", which is another/],
    ["a file more", (folder) => writeFileSync(join(folder, "evil.ts"), ""), /does not list "evil\.ts"/],
    ["a file less", (folder) => rmSync(join(folder, "mod.ts")), /lists "mod\.ts", which is not there/],
    [
      "another comment",
      edit("SHA256SUMS.minisig", (text) => text.replace("timestamp", "Timestamp")),
      /and it is not/,
    ],
    ["no signature to speak of", edit("SHA256SUMS.minisig", () => "Trust me"), /none of minisign/],
  ];
  for (const [what, change, message] of cases) {
    for (const flags of [[], ["-l"]]) {
      const { status, body } = await bring(panel, author.pack("1.0.0", flags, change));
      assert.equal(status, 422, what);
      assert.match(body.detail, message, what);
    }
  }
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, []);
  assert.match((await bring(panel, other.pack("1.0.0"))).body.signed, /a key you don't know/);
});

test("an update by another signer, or by none, is told in loud words", async (dir) => {
  const [ann, bob] = [new Author(join(dir, "ann")), new Author(join(dir, "bob"))];
  await using panel = await ApiPanel.start();
  for (const [name, { key }] of [["Ann", ann], ["Bob", bob]] as const) {
    await panel.ask("POST", "/plugin-keys", { body: { name, key } });
  }
  const { body: { digest } } = await bring(panel, ann.pack("1.0.0"));
  await panel.ask("POST", `/plugin-packages/${digest}/grant`);
  await settle();
  assert.deepEqual((await panel.ask("GET", "/third-party")).body[0].signer.name, "Ann");
  const unsigned = (folder: string) => {
    for (const name of readdirSync(folder)) if (name.startsWith("SHA")) rmSync(join(folder, name));
  };
  const cases: [Uint8Array<ArrayBuffer>, RegExp | undefined][] = [
    [ann.pack("1.1.0"), undefined],
    [bob.pack("1.1.0"), /^ANOTHER SIGNER: what is installed was signed by Ann\. This is signed by Bob$/],
    [ann.pack("1.1.0", [], unsigned), /^ANOTHER SIGNER: .* This is not signed$/],
  ];
  for (const [bytes, warning] of cases) {
    const { body } = await bring(panel, bytes);
    if (warning) assert.match(body.warnings[0], warning);
    else assert.deepEqual(body.warnings, []);
  }
});
