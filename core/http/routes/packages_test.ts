import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { FakeProcess, runInProcess } from "../../isolate/testing/in_process.ts";
import { packageJson, pieces, tgz } from "../../isolate/testing/packages.ts";
import { definePlugin } from "../../plugin/plugin.ts";
import { pluginsDir } from "../../store/paths.ts";
import { settle } from "../../testing/virtual_clock.ts";
import { ApiPanel, type Reply } from "../testing/api_panel.ts";

const GZIP = { "content-type": "application/gzip" };

const chime = definePlugin({
  id: "chime",
  api: 1,
  config: z.strictObject({ tone: z.enum(["low", "high"]).default("high") }),
  async setup(ctx) {
    await ctx.store.set("rung", 1);
  },
});
const builtIn = definePlugin({ id: "strike", api: 1, setup: () => {} });

/** A panel whose third-party plugins' processes are in this one. */
async function panelOf() {
  const processes: FakeProcess[] = [];
  const panel = await ApiPanel.start({
    plugins: [builtIn],
    launch(order) {
      const process = new FakeProcess(order);
      processes.push(process);
      runInProcess(process, panel.clock, chime);
      return process;
    },
  });
  return { panel, processes, plugins: pluginsDir(join(panel.core.store.path, "..")) };
}

const archive = (version: string, wants: object = {}, more: Parameters<typeof packageJson>[1] = {}) =>
  tgz({ "package.json": packageJson("chime", { version, wants, ...more }), "mod.ts": `// ${version}` });

const bring = (panel: ApiPanel, bytes: Uint8Array<ArrayBuffer>): Promise<Reply> =>
  panel.ask("POST", "/plugin-packages", { text: bytes, headers: GZIP });

async function install(panel: ApiPanel, bytes: Uint8Array<ArrayBuffer>): Promise<Reply> {
  const { body: { digest } } = await bring(panel, bytes);
  const granted = await panel.ask("POST", `/plugin-packages/${digest}/grant`);
  await settle();
  return granted;
}

const texts = (phrases: { text: string }[]) => phrases.map(({ text }) => text);

/** All files and folders, but for the lock of whoever takes packages in. */
function treeOf(path: string): string[] {
  return readdirSync(path, { recursive: true }).map(String).sort()
    .filter((name) => !name.startsWith("plugins/.incoming") && !/^access\.db-/.test(name));
}

Deno.test("the owner brings a package, is told what it wants in plain words, lets it in, and it runs; the log says what it was given", async () => {
  const { panel, processes, plugins } = await panelOf();
  await using _ = panel;
  const brought = await bring(panel, archive("1.0.0", { release: ["lock"], net: ["api.example.org"] }));
  assert.equal(brought.status, 201);
  const { digest, change, wants, more, signed, warnings, origin } = brought.body;
  assert.deepEqual([change, signed, warnings, origin.from], ["new", "Not signed", [], "upload"]);
  assert.deepEqual(texts(wants), [
    "May open the lock",
    "May reach api.example.org",
    "May use 64 MB of memory",
  ]);
  assert.deepEqual(more, wants);
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, [brought.body]);
  assert.equal(processes.length, 0, "none of its code runs before it is let in");
  assert.ok(!existsSync(join(plugins, "chime")));

  const granted = await panel.ask("POST", `/plugin-packages/${digest}/grant`);
  assert.equal(granted.status, 200);
  await settle();
  assert.deepEqual([processes.length, processes[0]!.order.digest], [1, digest]);
  assert.deepEqual(readdirSync(join(plugins, "chime")), ["mod.ts", "package.json"]);
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, []);
  const { body: [plugin] } = await panel.ask("GET", "/third-party");
  assert.deepEqual([plugin.version, texts(plugin.may)], ["1.0.0", texts(wants)]);
  const { body: [row] } = await panel.ask("GET", "/access-log?kind=settings");
  assert.deepEqual([row.outcome, row.actor.name, row.detail], ["plugin-granted", "Owner", {
    plugin: "chime",
    version: "1.0.0",
    before: null,
    package: "latchkey-plugin-chime",
    from: "upload",
    digest,
    signed: "Not signed",
    granted: texts(wants),
  }]);
});

Deno.test("a new version says what of it is new, and the old one runs on until the owner agrees; settings are kept", async () => {
  const { panel, processes } = await panelOf();
  await using _ = panel;
  await install(panel, archive("1.0.0", { net: ["api.example.org"] }));
  const same = (await bring(panel, archive("1.0.1", { net: ["api.example.org"] }))).body;
  assert.deepEqual([same.change, same.installed, same.more], ["update", "1.0.0", []]);
  const grown = (await bring(panel, archive("1.1.0", { net: ["api.example.org"], denials: true }))).body;
  assert.deepEqual(texts(grown.more), [
    "May object to a release, so that a door stays shut; it can't open one",
  ]);
  assert.equal(grown.wants.length, 3);
  await panel.clock.advance(0);
  assert.deepEqual([processes.length, processes[0]!.killed], [1, false]);
  const door = await panel.thirdParty.open();
  door.saveSettings("chime", { tone: "low" });
  await panel.ask("POST", `/plugin-packages/${grown.digest}/grant`);
  await settle();
  assert.deepEqual([processes.length, processes[0]!.killed], [2, true]);
  assert.deepEqual([door.find("chime")!.settings, door.find("chime")!.granted.denials], [
    { tone: "low" },
    true,
  ]);
  assert.deepEqual(
    (await panel.ask("GET", "/plugin-packages")).body.map((
      { digest, change }: Record<string, string>,
    ) => [digest, change]),
    [[same.digest, "downgrade"]],
  );
});

Deno.test("an older version, other files of the same version, and another package are told in loud words", async () => {
  const { panel } = await panelOf();
  await using _ = panel;
  await install(panel, archive("1.2.0"));
  const cases: [ReturnType<typeof archive>, string, RegExp[]][] = [
    [archive("1.2.0"), "same", []],
    [archive("1.1.0"), "downgrade", [/^OLDER: 1\.2\.0 is installed, and this is 1\.1\.0/]],
    [archive("1.2.0", { denials: true }), "replaced", [/^THE SAME VERSION, OTHER FILES/]],
    [archive("1.3.0", {}, { name: "chime-by-another" }), "update", [
      /^ANOTHER PACKAGE: "latchkey-plugin-chime"/,
    ]],
  ];
  for (const [bytes, change, warnings] of cases) {
    const { body } = await bring(panel, bytes);
    assert.deepEqual([body.change, body.warnings.length], [change, warnings.length]);
    for (const [i, warning] of warnings.entries()) assert.match(body.warnings[i], warning);
  }
});

Deno.test("a plugin that is removed leaves nothing on disk and nothing in the database but its rows in the log", async () => {
  const { panel, processes } = await panelOf();
  await using _ = panel;
  const data = join(panel.core.store.path, "..");
  const tables = panel.core.store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    .map(({ name }) => String(name)).filter((name) => !/^(access_log|sqlite_)/.test(name));
  const rows = () =>
    tables.map((
      table,
    ) => [table, panel.core.store.prepare(`SELECT * FROM "${table}"`).all().map((row) => ({ ...row }))]);
  await bring(panel, archive("0.9.0"));
  await panel.ask("GET", "/plugin-packages").then(({ body: [{ digest }] }) =>
    panel.ask("DELETE", `/plugin-packages/${digest}`)
  );
  const before = [treeOf(data), rows()];
  const effects = panel.core.host.effects();
  await install(panel, archive("1.0.0", { net: ["api.example.org"] }));
  await bring(panel, archive("1.1.0"));
  assert.notDeepEqual([treeOf(data), rows()], before);
  const removed = panel.ask("DELETE", "/third-party/chime");
  await panel.clock.advance(5_000);
  assert.equal((await removed).status, 204);
  assert.equal(processes[0]!.killed, true);
  assert.deepEqual([treeOf(data), rows()], before);
  assert.deepEqual(panel.core.host.effects(), effects);
  assert.deepEqual(
    (await panel.ask("GET", "/plugin-packages")).body,
    [],
    "nor does one of its packages wait",
  );
  const { body: [row] } = await panel.ask("GET", "/access-log?kind=settings");
  assert.deepEqual([row.outcome, row.detail], ["plugin-removed", { plugin: "chime", version: "1.0.0" }]);
  assert.equal((await panel.ask("DELETE", "/third-party/chime")).status, 404);
});

Deno.test("what is no package is refused with the reason and waits nowhere", async () => {
  const { panel } = await panelOf();
  await using _ = panel;
  const good = archive("1.0.0");
  const builtInId = tgz({ "package.json": packageJson("strike"), "mod.ts": "" });
  const reserved = tgz({ "package.json": packageJson("access"), "mod.ts": "" });
  const cases: [Parameters<ApiPanel["ask"]>[2], number, string][] = [
    [{ text: good, headers: { "content-type": "application/octet-stream" } }, 415, "type-unknown"],
    [{ body: {} }, 415, "type-unknown"],
    [{ headers: GZIP }, 422, "plugin-package"],
    [{ text: "Hello", headers: GZIP }, 422, "plugin-package"],
    [{ text: good.subarray(0, 100), headers: GZIP }, 422, "plugin-package"],
    [{ text: good, headers: { ...GZIP, "content-length": String(9 * 1024 * 1024) } }, 413, "too-large"],
    [{ text: builtInId, headers: GZIP }, 409, "plugin-refused"],
    [{ text: reserved, headers: GZIP }, 422, "plugin-package"],
  ];
  for (const [sent, status, code] of cases) {
    const answer = await panel.ask("POST", "/plugin-packages", sent);
    assert.deepEqual([answer.status, answer.body.code], [status, code], answer.body.detail);
  }
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, []);
  const unknown = `/plugin-packages/${"0".repeat(64)}`;
  assert.equal((await panel.ask("POST", `${unknown}/grant`)).status, 404);
  assert.equal((await panel.ask("DELETE", unknown)).status, 404);
  assert.equal((await panel.ask("DELETE", "/plugin-packages/..")).status, 404);
});

Deno.test("a package whose files change while it waits is not let in, and no plugin comes of it", async () => {
  const { panel, processes, plugins } = await panelOf();
  await using _ = panel;
  const { body: { digest } } = await bring(panel, archive("1.0.0"));
  await panel.ask("GET", "/plugin-packages");
  writeFileSync(join(plugins, ".incoming", digest, "package", "mod.ts"), "evil()");
  const granted = await panel.ask("POST", `/plugin-packages/${digest}/grant`);
  assert.deepEqual([granted.status, granted.body.code], [409, "plugin-changed"]);
  assert.deepEqual([(await panel.ask("GET", "/third-party")).body, processes.length], [[], 0]);
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, [], "it is dropped");
});

Deno.test("only an owner brings, lets in and removes; one whose access ends while the package comes has brought nothing", async () => {
  const { panel } = await panelOf();
  await using _ = panel;
  for (const role of ["family", "monitor"] as const) {
    const { device } = panel.add({ role });
    for (
      const [method, path] of [["GET", "/plugin-packages"], ["POST", "/plugin-packages"], [
        "GET",
        "/plugin-keys",
      ]] as const
    ) {
      assert.equal((await panel.ask(method, path, { device, headers: GZIP })).status, 403, `${role} ${path}`);
    }
  }
  const { id, device } = panel.add({ role: "owner" });
  const bytes = archive("1.0.0");
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  async function* slow() {
    yield bytes.subarray(0, 50);
    await ended;
    yield* pieces(bytes.subarray(50));
  }
  const stream = ReadableStream.from(slow());
  const asked = panel.send("POST", "/plugin-packages", { text: stream, headers: GZIP, device });
  await settle();
  assert.equal((await panel.ask("DELETE", `/members/${id}`)).status, 204);
  end();
  assert.equal((await asked).status, 401);
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, []);
});

Deno.test("of two that bring a package at once the second is told to wait, and one that breaks off leaves nothing in the way", async () => {
  const { panel, plugins } = await panelOf();
  await using _ = panel;
  const bytes = archive("1.0.0");
  const { promise: broken, reject: breakOff } = Promise.withResolvers<void>();
  async function* stalled() {
    yield bytes.subarray(0, 50);
    await broken;
  }
  const first = panel.ask("POST", "/plugin-packages", {
    text: ReadableStream.from(stalled()),
    headers: GZIP,
  });
  while (!existsSync(join(plugins, ".incoming"))) await settle();
  const second = await bring(panel, bytes);
  assert.deepEqual([second.status, second.body.code], [409, "staging-busy"]);
  breakOff(new Error("The phone is out of reach"));
  const { status, body } = await first;
  assert.deepEqual([status, body.code], [400, "body-cut"]);
  assert.equal((await bring(panel, bytes)).status, 201);
  assert.deepEqual(readdirSync(join(plugins, ".incoming")).filter((name) => name.startsWith(".part-")), []);
});

Deno.test("the owner's trusted keys: listed by name, logged, each once, and gone when removed", async () => {
  const { panel } = await panelOf();
  await using _ = panel;
  const key = "RWQuEErw5PQVfw/CuBRo1oQM61MRqnEom/Yr+Oxo9vu1wrXW4LtnTBYB";
  const added = await panel.ask("POST", "/plugin-keys", { body: { name: "Ann", key: ` ${key}\n` } });
  assert.deepEqual([added.status, added.body], [201, { name: "Ann", keyId: "7F15F4E4F04A102E", key }]);
  assert.equal(
    (await panel.ask("POST", "/plugin-keys", { body: { name: "Bea", key } })).body.code,
    "key-known",
  );
  const refused = await panel.ask("POST", "/plugin-keys", { body: { name: "Bea", key: "ssh-ed25519 AAAA" } });
  assert.deepEqual([refused.status, refused.body.code], [422, "key-refused"]);
  assert.deepEqual((await panel.ask("GET", "/plugin-keys")).body, [added.body]);
  assert.equal((await panel.ask("DELETE", "/plugin-keys/7F15F4E4F04A102E")).status, 204);
  assert.equal((await panel.ask("DELETE", "/plugin-keys/7F15F4E4F04A102E")).status, 404);
  assert.deepEqual((await panel.ask("GET", "/plugin-keys")).body, []);
  const { body } = await panel.ask("GET", "/access-log?kind=settings");
  assert.deepEqual(body.map(({ outcome, detail }: Record<string, unknown>) => [outcome, detail]), [
    ["plugin-key-removed", { key: "7F15F4E4F04A102E", name: "Ann" }],
    ["plugin-key-added", { key: "7F15F4E4F04A102E", name: "Ann" }],
  ]);
});
