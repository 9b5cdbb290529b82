import assert from "node:assert/strict";
import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scopeCommand, systemdCommand } from "../../core/isolate/launch/systemd.ts";
import { pluginHostDir } from "../../core/boot/permissions.ts";
import { digestOfSums, packageSums } from "../../core/isolate/package_sums.ts";
import { pluginsDir } from "../../core/store/paths.ts";
import { ROOT, Visitor } from "../boot/panel_process.ts";
import { hasFailed, install, isRunning, until } from "./installed.ts";
import { missing, SystemdMachine } from "./testing/machine.ts";
import { GRANTED_ADDRESS, GRANTED_NAME } from "./testing/machine_files.ts";

const folder = (name: string) => new URL(`testing/${name}/`, import.meta.url);
const LAUNCHER = fileURLToPath(new URL("testing/launcher.ts", import.meta.url));
/** Looks at what is to change, more than any machine needs. */
const MOST_TRIES = 500;
/** Deno itself, the 64 MB that were granted, and what of Deno's program is mapped. */
const MOST_MB = 256;
const ESCAPES = fileURLToPath(new URL("testing/escapes.sh", import.meta.url));

/** Has the owner switch a plugin on; again where a busy machine could not start it in time. */
async function switchOn(visitor: Visitor, id: string): Promise<void> {
  for (let tries = 1;; tries++) {
    const { status } = await visitor.api("PUT", `/third-party/${id}/enabled`, { enabled: true });
    assert.equal(status, 204);
    const { state, reason } = await until(visitor, id, (now) => isRunning(now) || hasFailed(now));
    if (state === "running") return;
    assert.ok(tries < 5, reason);
  }
}

/** A test on a machine that systemd runs on. */
function underSystemd(name: string, fn: (machine: SystemdMachine, data: string) => Promise<void>): void {
  Deno.test({
    name: name + (missing && ` (skipped: ${missing})`),
    ignore: missing !== "",
    async fn() {
      await using machine = await SystemdMachine.start();
      await fn(machine, join(machine.dir, "data"));
    },
  });
}

const plugin = (id: string, setup = "") => ({
  id,
  off: true,
  files: {
    "mod.ts": `import { definePlugin, route } from "latchkey";
      import { z } from "zod";
      export default definePlugin({ id: "${id}", api: 1, setup(ctx) { ${setup} } });`,
  },
});

/** Answers at `POST /plugins/<id>/go`. */
const goes = (id: string, body: string) =>
  plugin(
    id,
    `ctx.routes([route({ method: "post", path: "/go", access: "owner", summary: "Go", response: z.string(),
      async handle() { ${body} } })]);`,
  );

const LOOP = "setTimeout(() => { for (;;); }); return 'soon';";
const HOG = `const kept = [];
  setInterval(() => void kept.push(new Uint8Array(4_000_000).fill(1))); return 'soon';`;
const REACH = `return await (await fetch("http://${GRANTED_NAME}/")).text();`;

/** Once these are all units of plugins that are there. */
async function untilUnits(machine: SystemdMachine, units: string[]): Promise<void> {
  for (let tries = 0;; tries++) {
    const there = machine.units();
    if (there.join() === units.join()) return;
    if (tries === MOST_TRIES) assert.deepEqual(there, units);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const unitOf = (machine: SystemdMachine, id: string) =>
  machine.units().find((unit) => new RegExp(`-${id}-\\d+\\.service$`).test(unit))!;

/** What `escapes.sh` has told: its facts, and what it has tried. */
function told(text: string): { facts: Record<string, string>; done: string[]; refused: string[] } {
  const facts: Record<string, string> = {};
  const [done, refused]: [string[], string[]] = [[], []];
  for (const line of text.trim().split("\n")) {
    const [, word = "", rest = ""] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    if (word === "DONE") done.push(rest);
    else if (word === "refused") refused.push(rest);
    else facts[word] = rest;
  }
  return { facts, done, refused };
}

underSystemd(
  "I-16: the kernel refuses a plugin's user, without Deno's help, all that is not the plugin's, and a network unless hosts were granted",
  async (machine, data) => {
    install(data, plugin("probe"), { id: "other", from: folder("other") });
    const plugins = pluginsDir(data);
    const program = join(machine.dir, "escapes");
    copyFileSync(ESCAPES, program);
    chmodSync(program, 0o755);
    machine.run("systemd-run", "--unit=another", "sleep", "1000");
    const scope = scopeCommand("latchkey-scope");
    machine.begin("sh", "-c", `sleep 1000 | exec "$@"`, "sh", scope.file, ...scope.args);
    await untilUnits(machine, ["latchkey-scope.scope"]);
    const args = [data, machine.property("another", "MainPID"), GRANTED_ADDRESS];
    const asPlugin = (id: string, net: string[]) => {
      const order = { id, entry: "mod.ts", digest: "", net, memoryMb: 64 };
      const grounds = { plugins, host: pluginHostDir(ROOT), deno: program, tools: undefined };
      const { file, args: all } = systemdCommand(order, grounds, {
        unit: "latchkey-it",
        scope: "latchkey-scope",
      });
      // What follows are Deno's own arguments.
      const to = all.lastIndexOf("/run/latchkey-plugin/deno");
      return told(machine.run(file, ...all.slice(0, to + 1), ...args).text);
    };
    assert.deepEqual(asPlugin("other", [GRANTED_ADDRESS]).done, ["reach the host"]);
    const alone = asPlugin("probe", []);
    const { user, ...facts } = alone.facts;
    assert.ok(Number(user) > 60_000, `user ${user}`);
    assert.deepEqual(facts, {
      capabilities: "0000000000000000",
      plugins: "probe",
      inside: "deno,host,plugins",
      interfaces: "lo",
      variables: "",
      strangers: "0",
    });
    assert.deepEqual(alone.done, []);
    assert.equal(alone.refused.length, 22);
    // Nothing of it is impossible but what no one may do on this machine.
    const asRoot = [
      "unshare",
      "--mount",
      "sh",
      "-c",
      `cd ${plugins}/probe && sh "$@"`,
      "sh",
      program,
      ...args,
    ];
    assert.deepEqual(told(machine.run(...asRoot).text).refused, [
      "write to the machine's settings",
      "write to /var",
      "change the kernel",
    ]);
  },
);

underSystemd(
  "I-13, I-14, I-16: each plugin of a panel has a user of its own, reaches what it was granted and no more, and dies alone",
  async (machine, data) => {
    install(
      data,
      { id: "probe", from: folder("probe"), off: true },
      { id: "other", from: folder("other"), off: true },
      goes("hog", HOG),
      goes("loop", LOOP),
      { ...goes("reach", REACH), granted: { net: [GRANTED_NAME] } },
    );
    // As a umask of 077 leaves it.
    const reach = join(pluginsDir(data), "reach");
    chmodSync(join(reach, "mod.ts"), 0o600);
    chmodSync(reach, 0o700);
    const panel = machine.panel(data);
    const visitor = await Visitor.of(panel, undefined, machine.fetch);
    const go = async (id: string) => (await visitor.api<string>("POST", `/plugins/${id}/go`)).body;
    const ids = ["probe", "hog", "loop", "reach"];
    for (const id of ids) await switchOn(visitor, id);

    const units = ids.map((id) => unitOf(machine, id));
    const users = units.map((unit) => machine.user(unit));
    assert.ok(users.every((user) => user > 60_000), users.join());
    assert.equal(new Set(users).size, ids.length, users.join());
    assert.equal(machine.user("panel.service"), 0);
    assert.equal(await go("reach"), "sunny");

    const hogPid = machine.property(units[1]!, "MainPID");
    await go("hog");
    const eating = until(visitor, "hog", hasFailed);
    let ate = false;
    eating.then(() => ate = true, () => ate = true);
    for (let most = 0; !ate; await new Promise((done) => setTimeout(done, 1))) {
      most = Math.max(most, machine.memory(hogPid));
      assert.ok(most <= MOST_MB, `it has had ${most} MB`);
    }
    assert.match((await eating).reason, /^Its process ended with 255/);
    await go("loop");
    const looping = until(visitor, "loop", hasFailed);
    assert.deepEqual(await escapesOf(visitor, data), []);
    assert.match((await looping).reason, /^It did not answer for 5 s/);
    const [probe = "", ...dead] = units;
    const left = machine.units();
    assert.deepEqual(dead.slice(0, 2).filter((unit) => left.includes(unit)), []);
    assert.ok(left.includes(probe), "the others go on");
    assert.equal(await go("reach"), "sunny");

    const before = panel.text.length;
    machine.run("systemctl", "stop", "panel.service");
    assert.equal(await panel.end(), 0);
    await untilUnits(machine, []);
    assert.doesNotMatch(panel.text.slice(before), /crashed|error|scope/);
  },
);

/** All that the probe has succeeded at. */
async function escapesOf(visitor: Visitor, data: string): Promise<string[]> {
  const { body: names } = await visitor.api<string[]>("GET", "/plugins/probe/attempts");
  assert.ok(names.length > 90, `${names.length} attempts`);
  const target = { data, root: ROOT, port: Number(new URL(visitor.origin).port) };
  const done: string[] = [];
  for (const name of names) {
    const { status, body } = await visitor.api("POST", "/plugins/probe/attempts", { ...target, name });
    const outcome = status === 200 ? String(body) : JSON.stringify(body);
    // An attempt that was never made proves nothing.
    assert.doesNotMatch(outcome, /is not a function|is not defined/, name);
    if (outcome.startsWith("DONE")) done.push(`${name}: ${outcome}`);
    if (status !== 200) await until(visitor, "probe", isRunning);
  }
  return done;
}

underSystemd(
  "I-13: a supervisor that is killed under systemd leaves no plugin behind, not even one that hears nothing, and the next one starts all, again where their scope was stopped",
  async (machine, data) => {
    install(data, goes("loop", LOOP), goes("calm", "return 'here';"));
    const first = machine.panel(data);
    const visitor = await Visitor.of(first, undefined, machine.fetch);
    for (const id of ["loop", "calm"]) await switchOn(visitor, id);
    await visitor.api("POST", "/plugins/loop/go");
    const old = machine.units();
    assert.equal(old.length, 3, old.join());
    machine.run("kill", "-KILL", machine.property("panel.service", "MainPID"));
    assert.notEqual(await first.end(), 0);
    await untilUnits(machine, []);
    const second = machine.panel(data);
    const again = await Visitor.of(second, visitor.device, machine.fetch);
    for (const id of ["loop", "calm"]) await switchOn(again, id);
    assert.deepEqual(machine.units().filter((unit) => old.includes(unit)), []);

    const calm = unitOf(machine, "calm");
    machine.run("systemctl", "stop", machine.units().find((unit) => unit.endsWith(".scope"))!);
    await second.says(/systemd has no scope for plugins/);
    await until(
      again,
      "calm",
      (now) => isRunning(now) && ![undefined, calm].includes(unitOf(machine, "calm")),
    );

    const before = second.text.length;
    // Ctrl-C, where it runs in a terminal: to all of its processes.
    machine.run("systemctl", "kill", "--signal=INT", "panel.service");
    assert.equal(await second.end(), 0);
    await untilUnits(machine, []);
    assert.doesNotMatch(second.text.slice(before), /crashed|error|scope/);
  },
);

underSystemd(
  "I-13: a plugin that is killed under systemd at any moment of its start is gone, and its unit with it",
  async (machine, data) => {
    install(data, goes("loop", LOOP));
    const plugins = pluginsDir(data);
    const digest = digestOfSums(packageSums(join(plugins, "loop")));
    const args = [plugins, pluginHostDir(ROOT), "loop", digest, "latchkey-plugins"];
    const launcher = machine.begin(
      "sh",
      "-c",
      'sleep 1000 | "$@"',
      "sh",
      Deno.execPath(),
      "run",
      "-A",
      LAUNCHER,
      ...args,
    );
    await launcher.says(/^done$/m);
    assert.equal(launcher.text.match(/^ended /gm)?.length, 10, launcher.text);
    await untilUnits(machine, ["latchkey-plugins.scope"]);
  },
);
