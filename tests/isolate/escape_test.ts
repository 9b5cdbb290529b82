import assert from "node:assert/strict";
import { readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { pluginsDir } from "../../core/store/paths.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { childOf, PanelProcess, ROOT, Visitor } from "../boot/panel_process.ts";
import { hasFailed, install, isRunning, until } from "./installed.ts";

const folder = (name: string) => new URL(`testing/${name}/`, import.meta.url);

Deno.test(
  "I-16: of all that a plugin may try to get out by, nothing succeeds in a process that the panel has started",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    install(data, { id: "probe", from: folder("probe") }, { id: "other", from: folder("other") });
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    await until(visitor, "probe", isRunning);
    const { port } = new URL(visitor.origin);
    const { body: names } = await visitor.api<string[]>("GET", "/plugins/probe/attempts");
    assert.ok(names.length > 90, `${names.length} attempts`);
    const target = { data, root: ROOT, port: Number(port) };
    const outcomes: Record<string, string> = {};
    for (const name of names) {
      const { status, body } = await visitor.api<string>("POST", "/plugins/probe/attempts", {
        ...target,
        name,
      });
      outcomes[name] = status === 200 ? body : JSON.stringify(body);
      if (status !== 200) await until(visitor, "probe", isRunning);
    }
    for (const [name, outcome] of Object.entries(outcomes)) {
      // An attempt that was never made proves nothing.
      assert.doesNotMatch(outcome, /is not a function|is not defined/, name);
    }
    assert.deepEqual(Object.entries(outcomes).filter(([, outcome]) => outcome.startsWith("DONE")), []);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

/** What a process has open that leads to another process. */
function pipesOf(pid: number): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return open.filter((target) => /^(pipe|socket):/.test(target));
}

Deno.test(
  "I-16: a plugin's process holds its own three pipes and no end of anybody else's",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    const calm = (id: string) => ({
      id,
      files: {
        "mod.ts": `import { definePlugin } from "latchkey";
        export default definePlugin({ id: "${id}", api: 1, setup() {} });`,
      },
    });
    install(data, calm("one"), calm("two"));
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    for (const id of ["one", "two"]) await until(visitor, id, isRunning);
    const supervisor = panel.child.pid!;
    const [one, two] = [childOf(supervisor, "one/mod.ts"), childOf(supervisor, "two/mod.ts")];
    const others = [
      supervisor,
      childOf(supervisor, RUNTIME_FILE),
      childOf(supervisor, "drivers/sim/process.ts"),
    ];
    // What this test was started with, all of them have.
    const inherited = new Set(pipesOf(process.pid));
    for (const [pid, neighbour] of [[one, two], [two, one]] as const) {
      const own = new Set(pipesOf(pid));
      const shared = [...others, neighbour].flatMap((other) =>
        [...new Set(pipesOf(other))].filter((pipe) => own.has(pipe) && !inherited.has(pipe)).map((pipe) =>
          [pipe.split(":")[0], other] as const
        )
      );
      assert.deepEqual(shared, Array(3).fill(["pipe", supervisor]));
    }
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "I-16: a plugin whose folder holds a link out of it is not started, and the reason says which",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    install(data, { id: "probe", from: folder("probe") });
    symlinkSync("/etc/passwd", join(pluginsDir(data), "probe", "users.txt"));
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    const { reason } = await until(visitor, "probe", hasFailed);
    assert.match(reason, /Cannot use the folder .*users\.txt" is neither a file nor a folder/);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);
