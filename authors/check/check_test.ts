import assert from "node:assert/strict";
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Wants } from "../../core/isolate/manifest.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { readManifest } from "../manifest.ts";
import { newPlugin } from "../tools/new.ts";
import { checkLint, checkTests } from "./code.ts";
import { checkFiles, checkManifest } from "./folder.ts";
import { checkLeaks } from "./leaks.ts";
import { tryInOwnProcess } from "./own_process.ts";
import { checkPermissions } from "./permissions.ts";

const plugin = (setup: string, before = "") =>
  `import { callChanged, definePlugin, partsPoint, timeService } from "latchkey";
   export const used = [callChanged, partsPoint, timeService];
   ${before}
   export default definePlugin({ id: "trial", api: 1, setup(ctx) { ctx.log.debug("here"); ${setup} } });`;

/** A plugin's folder. */
async function trial(dir: string, code: string, wants: Partial<Wants> = {}): Promise<string> {
  const folder = await newPlugin("trial", dir);
  writeFileSync(join(folder, "mod.ts"), code);
  const latchkey = { id: "trial", title: "Trial", api: 1, entry: "mod.ts", wants };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "trial", version: "1.0.0", latchkey }));
  return folder;
}

Deno.test(
  "plugin:check: a manifest that can't be used is named with the field and what is allowed",
  inTempDir((dir) => {
    assert.match(checkManifest(dir).finding.lines![0]!, /is no plugin's folder/);
    const latchkey = { id: "trial", title: "Trial", api: 2, entry: "mod.ts" };
    writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "trial", version: "1.0.0", latchkey }));
    const { finding } = checkManifest(dir);
    assert.deepEqual([finding.ok, /latchkey\.api is 2/.test(finding.lines![0]!)], [false, true]);
  }),
);

Deno.test(
  "plugin:check: links, strange names and a missing entry can't be packed; tests and notes of the author's are left out",
  inTempDir(async (dir) => {
    const folder = await trial(dir, plugin(""));
    const manifest = readManifest(folder);
    const check = () => checkFiles(folder, join(dir, "packed"), manifest);
    mkdirSync(join(folder, "testing"));
    for (const name of ["testing/fake.ts", ".env", "deno.lock", "more_test.ts", "trial-1.0.0.tgz"]) {
      writeFileSync(join(folder, name), "");
    }
    assert.deepEqual(check().lines, ["README.md, mod.ts, package.json"]);
    symlinkSync("mod.ts", join(folder, "other.ts"));
    assert.match(check().lines![0]!, /"other.ts" is a link/);
    writeFileSync(join(folder, "two words.txt"), "");
    assert.equal(check().ok, false);
    assert.match(
      checkFiles(await trial(join(dir, "b"), ""), join(dir, "packed"), { ...manifest, entry: "main.ts" })
        .lines![0]!,
      /no such file/,
    );
    const linked = await trial(join(dir, "c"), "");
    linkSync(join(linked, "mod.ts"), join(linked, "again.ts"));
    assert.equal(checkFiles(linked, join(dir, "packed"), manifest).ok, true, "copies are files of their own");
  }),
);

const refusals: [what: string, code: string, mend: RegExp, wants?: Partial<Wants>][] = [
  ["an event", plugin("ctx.on(callChanged, () => {});"), /"events": \["call.changed"\]/],
  ["a part of others", plugin("ctx.watch(partsPoint, { added() {} });"), /"parts": "read"/],
  [
    "a variable at its top",
    plugin("", 'import process from "node:process"; export const home = process.env["HOME"];'),
    /belongs in its settings/,
  ],
];

for (const [what, code, mend] of refusals) {
  Deno.test(
    `plugin:check: ${what} that it was not granted is named, with what to change`,
    inTempDir(async (dir) => {
      const { finding } = await tryInOwnProcess(await trial(dir, code), join(dir, "data"));
      assert.equal(finding.ok, false);
      assert.match(finding.mend![0] ?? "", mend, finding.lines!.join("\n"));
    }),
  );
}

Deno.test(
  "plugin:check: hosts and files that it asks for beside its wants are named, even where it hides the refusal",
  inTempDir(async (dir) => {
    const code = plugin(
      `fetch("https://api.example.org/x").catch(() => {});
       import("node:fs").then(({ readFileSync }) => readFileSync("/etc/hostname")).catch(() => {});`,
    );
    const folder = await trial(dir, code);
    const { finding, usage, asked } = await tryInOwnProcess(folder, join(dir, "data"));
    assert.equal(finding.ok, true, finding.lines!.join());
    const readable = [
      join(dir, "data", "plugins", "trial"),
      join(import.meta.dirname!, "../../dist/plugin-host"),
    ];
    const { lines, mend } = checkPermissions(readManifest(folder), usage, asked, readable);
    assert.deepEqual(lines, [
      "It was refused: net api.example.org:443",
      "It was refused: read /etc/hostname",
    ]);
    assert.match(mend![0]!, /"net": \["api.example.org:443"\]/);
    assert.match(mend![1]!, /keep state in ctx.store/);
  }),
);

Deno.test(
  "plugin:check: what it wants and never uses is said, and is no failure",
  inTempDir(async (dir) => {
    const folder = await trial(dir, plugin(""), { events: ["call.changed"], net: ["api.example.org"] });
    const { ok, lines } = checkPermissions(readManifest(folder), new Set(), [], []);
    assert.equal(ok, true);
    assert.deepEqual(lines!.map((line) => line.split(" was ")[0]), [
      '"events: call.changed"',
      '"net: api.example.org"',
    ]);
    const asked = ["net https://api.example.org/x", "net api.example.org:443"];
    assert.deepEqual(
      checkPermissions(readManifest(folder), new Set(["event call.changed"]), asked, []).lines,
      [],
    );
  }),
);

Deno.test(
  "plugin:check: timers, memory and variables that a stop leaves are found, each with what to do",
  inTempDir(async (dir) => {
    const leaky = plugin(
      `setInterval(() => {}, 1_000);
       ctx.clock.after(1e9, () => {});
       kept.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
       if (kept.length === 1) ctx.every(1_000, () => {});
       ctx.defer("break", () => { throw new Error("Oh dear"); });`,
      "const kept: unknown[] = [];",
    );
    const folder = await trial(dir, leaky);
    const { ok, lines = [], mend = [] } = await checkLeaks(folder, readManifest(folder));
    assert.equal(ok, false);
    assert.equal(lines.length, 5, lines.join("\n"));
    assert.equal(mend.length, 5);
    assert.match(
      lines.join("\n"),
      /Oh dear[^]*setInterval[^]*: 1\n[^]*ctx\.clock[^]*: 10\n[^]*not like[^]*KB in memory/,
    );
    const sound = await trial(join(dir, "b"), plugin("ctx.every(1_000, () => {});"));
    assert.deepEqual((await checkLeaks(sound, readManifest(sound))).lines, undefined);
  }),
);

Deno.test(
  "plugin:check: what the linter minds, and tests that fail or are not there, are failures",
  inTempDir(async (dir) => {
    const folder = await trial(dir, plugin("let never = 1;"));
    assert.match((await checkLint(folder)).lines!.join("\n"), /no-unused-vars/);
    writeFileSync(join(folder, "mod_test.ts"), 'Deno.test("never", () => { throw new Error("Not yet"); });');
    const { finding } = await checkTests(folder);
    assert.deepEqual([finding.ok, /Not yet/.test(finding.lines!.join())], [false, true]);

    rmSync(join(folder, "mod_test.ts"));
    assert.deepEqual((await checkTests(folder)).finding.lines, ["It has none"]);
  }),
);
