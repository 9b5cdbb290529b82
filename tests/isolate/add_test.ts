import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storedGrants } from "../../core/isolate/grants.ts";
import { grantFor } from "../../core/isolate/install/installer.ts";
import { Staging, type WaitingPackage } from "../../core/isolate/install/staging.ts";
import type { Proposal } from "../../core/isolate/install/proposal.ts";
import { packageJson, tgz } from "../../core/isolate/testing/packages.ts";
import type { LogRow } from "../../core/mod.ts";
import { systemRandom } from "../../core/random.ts";
import { openStore } from "../../core/store/database.ts";
import { databasePath, pluginsDir } from "../../core/store/paths.ts";
import type { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findScript } from "../../scripts/test_tools.ts";
import { type Ran, run, runTask, taskCommand } from "../backup/commands.ts";
import { PanelProcess, Visitor } from "../boot/panel_process.ts";
import { hasFailed, install, isRunning, until } from "./installed.ts";

const MODULE = `import { definePlugin } from "latchkey";
export default definePlugin({ id: "chime", api: 1, async setup(ctx) { await ctx.store.set("rung", 1); } });`;

function author(dir: string, version: string, wants: object = {}, module = MODULE): string {
  const folder = join(dir, `author-${version}`);
  for (
    const [path, text] of Object.entries({
      "package.json": packageJson("chime", { version, wants }),
      "mod.ts": module,
    })
  ) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const add = (data: string, ...args: string[]): Promise<Ran> =>
  runTask("plugin:add", [...args, "--data", data], {});

/** Every name in the folder of plugins, and every row that is not the panel's own work. */
function tracesIn(data: string): unknown {
  const db = new DatabaseSync(databasePath(data), { readOnly: true });
  try {
    const state = db.prepare("SELECT plugin, key FROM plugin_state ORDER BY plugin, key").all().map((
      row,
    ) => ({ ...row }));
    const folders = readdirSync(pluginsDir(data), { recursive: true }).map(String).sort();
    return { state, folders: folders.filter((name) => !/^\.incoming(\/panel\.lock.*)?$/.test(name)) };
  } finally {
    db.close();
  }
}

async function upload(
  visitor: Visitor,
  device: TestDevice,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const url = `${visitor.origin}/api/v1/plugin-packages`;
  const headers = { ...device.headers("POST", url), "content-type": "application/gzip" };
  const response = await fetch(url, { method: "POST", body: bytes, headers });
  device.nonce = response.headers.get("dpop-nonce") ?? device.nonce;
  return response;
}

Deno.test(
  "a plugin that is added while the panel runs waits for the owner, runs once let in, is stopped when a file changes, and leaves nothing",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    const first = await add(data, author(dir, "1.0.0", { release: ["lock"] }));
    assert.deepEqual([first.code, first.error], [0, ""]);
    assert.match(first.out, /The chime 1\.0\.0 \(chime\), package latchkey-plugin-chime\. Not signed\./);
    assert.match(first.out, /It wants this:\n {2}! May open the lock\n/);
    assert.match(first.out, /It waits\. Open the panel's page/);
    const { body: [waiting] } = await visitor.api<Proposal[]>("GET", "/plugin-packages");
    assert.deepEqual([waiting!.origin.from, waiting!.wants[0]!.text], ["folder", "May open the lock"]);
    const before = tracesBefore(data, waiting!.digest);
    assert.equal((await visitor.api("POST", `/plugin-packages/${waiting!.digest}/grant`)).status, 200);
    await until(visitor, "chime", isRunning);
    assert.ok(existsSync(join(pluginsDir(data), ".deno", "chime")));

    writeFileSync(join(pluginsDir(data), "chime", "mod.ts"), `${MODULE}\n`);
    const { reason } = await until(visitor, "chime", hasFailed);
    assert.match(reason, /^Its files are no longer those that the owner let in/);
    await visitor.api("PUT", "/third-party/chime/enabled", { enabled: true });
    await until(visitor, "chime", hasFailed);
    await panel.says(/A plugin's files have changed plugin=chime/);
    const again = await add(data, author(dir, "1.0.0", { release: ["lock"] }));
    assert.match(again.out, /1\.0\.0 is installed\. It wants nothing new\./);
    await visitor.api("POST", `/plugin-packages/${waiting!.digest}/grant`);
    await until(visitor, "chime", isRunning);

    const { body: log } = await visitor.api<LogRow[]>("GET", "/access-log?kind=settings");
    assert.deepEqual(log.map(({ outcome, actor }) => [outcome, actor.kind]), [
      ["plugin-granted", "person"],
      ["plugin-changed", "system"],
      ["plugin-switched-on", "person"],
      ["plugin-changed", "system"],
      ["plugin-granted", "person"],
    ]);
    assert.equal((await visitor.api("DELETE", "/third-party/chime")).status, 204);
    assert.deepEqual(tracesIn(data), before);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

/** What there is when the package that waits is gone. */
function tracesBefore(data: string, digest: string): unknown {
  const traces = tracesIn(data) as { state: unknown[]; folders: string[] };
  return { ...traces, folders: traces.folders.filter((name) => !name.startsWith(`.incoming/${digest}`)) };
}

Deno.test(
  "an upload of several MiB is taken from an owner; a stranger's is cut off long before",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    const files = {
      "package.json": packageJson("chime"),
      "mod.ts": MODULE,
      "noise.bin": systemRandom(6_000_000),
    };
    const taken = await upload(visitor, visitor.device, tgz(files));
    assert.equal(taken.status, 201, await taken.text());
    const url = `${visitor.origin}/api/v1/plugin-packages`;
    const headers = { "content-type": "application/gzip" };
    const cut = await fetch(url, { method: "POST", body: tgz(files), headers }).then(
      ({ status, body }) => body?.cancel().then(() => status),
      () => "cut",
    );
    assert.ok(cut === "cut" || cut === 401, String(cut));
    const tooMuch = await upload(
      visitor,
      visitor.device,
      tgz({ ...files, "more.bin": systemRandom(4_000_000) }),
    ).then(
      ({ status, body }) => body?.cancel().then(() => status),
      () => "cut",
    );
    assert.ok(tooMuch === "cut" || tooMuch === 413, String(tooMuch));
    assert.equal((await visitor.api<Proposal[]>("GET", "/plugin-packages")).body.length, 1);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "a start ends what was cut off: a plugin that was let in gets its files, and a folder that nobody was granted goes",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    install(data);
    const { digest } = await waitingIn(data, author(dir, "1.0.0"));
    const store = openStore(databasePath(data));
    const staging = new Staging({ plugins: pluginsDir(data), now: () => 0, random: systemRandom });
    storedGrants(store).put(grantFor(staging.get(digest), null, undefined));
    store.close();
    mkdirSync(join(pluginsDir(data), "nobodys"));
    mkdirSync(join(pluginsDir(data), ".incoming", ".part-killed", "package"), { recursive: true });
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    await until(visitor, "chime", isRunning);
    assert.deepEqual(readdirSync(pluginsDir(data)).sort(), [".deno", ".incoming", "chime"]);
    assert.deepEqual(
      readdirSync(join(pluginsDir(data), ".incoming")).filter((name) => !/^panel\.lock/.test(name)),
      [],
    );
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

/** Brings a plugin without letting it in. */
async function waitingIn(data: string, folder: string): Promise<WaitingPackage> {
  assert.match((await add(data, folder)).out, /It waits on the panel's page/);
  const [waiting] = new Staging({ plugins: pluginsDir(data), now: () => 0, random: systemRandom }).list();
  return waiting!;
}

const hasScript = findScript() !== undefined;

Deno.test({
  name:
    "where the panel does not run, the owner is asked in the terminal: no leaves nothing, yes lets it in, and the log says so" +
    (hasScript ? "" : " (skipped: no script)"),
  ignore: !hasScript,
  fn: inTempDir(async (dir) => {
    const data = join(dir, "data");
    const folder = author(dir, "1.0.0", { net: ["chime.lan:80"] });
    assert.match((await add(data, folder)).error, /There is no panel's data in .*start the panel once/);
    install(data);
    const words = [...taskCommand("plugin:add"), folder, "--data", data];
    const asked = (keys: string) =>
      run([findScript()!, "-qec", words.join(" "), "/dev/null"], {}, [[/\[y\/N\] $/, keys]]);
    const no = await asked("\r");
    assert.match(no.out, /May reach chime\.lan:80[^]*It was not let in, and nothing of it is left/);
    assert.deepEqual([no.code, tracesIn(data)], [1, { state: [], folders: [] }]);
    const silent = await add(data, folder);
    assert.match(silent.out, /It waits on the panel's page.*say --yes/);
    const yes = await asked("y\r");
    assert.match(yes.out, /The chime 1\.0\.0 is let in, and runs when the panel does/);
    const more = await add(data, author(dir, "1.1.0", { net: ["chime.lan:80"], denials: true }), "--yes");
    assert.match(more.out, /1\.0\.0 is installed\. New is that it:\n {2}! May object to a release/);
    const built = join(dir, "built-in.tgz");
    writeFileSync(built, tgz({ "package.json": packageJson("lock"), "mod.ts": MODULE }));
    assert.match((await add(data, built, "--yes")).error, /"lock" is the id of a built-in plugin/);

    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    await until(visitor, "chime", isRunning);
    const { body: log } = await visitor.api<LogRow[]>("GET", "/access-log?kind=settings");
    assert.deepEqual(
      log.map(({ outcome, actor, detail }) => [outcome, actor.id, detail["version"], detail["from"]]),
      [
        ["plugin-granted", "terminal", "1.1.0", "folder"],
        ["plugin-granted", "terminal", "1.0.0", "folder"],
      ],
    );
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
});
