import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIME_FILE, runtimeFlags } from "../../core/boot/permissions.ts";
import { outline } from "../../core/config/surroundings.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { BoardProcess } from "../../drivers/sim/testing/board_process.ts";
import { childOf, PanelProcess, ROOT, Visitor } from "./panel_process.ts";

const CLOSED = ["access.db", "access.head", "cards", "history.db", "keys", "panel.lock"];
const files = (data: string) => readdirSync(data).toSorted();

async function release(visitor: Visitor): Promise<void> {
  const { status, body } = await visitor.api("POST", "/access-points/lock/release");
  assert.equal(status, 200, JSON.stringify(body));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(
    `${signal} in the middle of a pulse: the runtime switches the output off, closes the database and exits with 0`,
    inTempDir(async (data) => {
      const args = ["--port", "0", "--data", data, "--plugins.lock.pulseMs", "10000"];
      const sketch = await outline({ argv: args, env: {}, readFile: () => undefined });
      const command = [Deno.execPath(), "run", ...runtimeFlags(sketch, ROOT), join(ROOT, RUNTIME_FILE)];
      const board = new BoardProcess(data);
      try {
        await board.link(true);
        await using runtime = new PanelProcess(args, command);
        await release(await Visitor.of(runtime));
        await board.edges("lock", 1, 1);
        runtime.signalAll(signal);
        assert.equal(await runtime.end(), 0);
        const [on, off] = await board.edges("lock", 2, 0);
        assert.equal(off!.cause, "stopped");
        assert.ok(off!.at - on!.at < 10_000);
      } finally {
        await board.end();
      }
      assert.deepEqual(files(data), CLOSED);
    }),
  );
}

Deno.test(
  "a killed runtime is started again and releases; nothing it had acknowledged is lost",
  inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const first = await Visitor.of(panel);
    await release(first);
    process.kill(childOf(panel.child.pid!, RUNTIME_FILE), "SIGKILL");
    await panel.says(/The runtime has ended unexpectedly \(\d+\) and starts again in 250 ms/);
    const second = await Visitor.of(panel, first.device);
    const { body } = await second.api<{ kind: string; outcome: string }[]>("GET", "/access-log");
    assert.ok(body.some(({ kind, outcome }) => kind === "release" && outcome === "released"));
    await release(second);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
    assert.deepEqual(files(data), CLOSED);
  }),
);

Deno.test(
  "a killed board is started again and the panel releases",
  inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    process.kill(childOf(panel.child.pid!, "drivers/sim/process.ts"), "SIGKILL");
    await panel.says(/The simulated board has ended unexpectedly/);
    await panel.says(/The link to the board is back/);
    await release(visitor);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "when the supervisor is killed, runtime and board end by themselves, in order",
  inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    await release(await Visitor.of(panel));
    process.kill(panel.child.pid!, "SIGKILL");
    assert.equal(await panel.end(), "SIGKILL", "and nobody holds its output open any more");
    assert.deepEqual(files(data), CLOSED);
  }),
);

Deno.test(
  "a second Ctrl-C ends a panel whose runtime hangs; the next start works",
  inTempDir(async (data) => {
    const args = ["--port", "0", "--data", data];
    await using panel = new PanelProcess(args);
    const { device } = await Visitor.of(panel);
    process.kill(childOf(panel.child.pid!, RUNTIME_FILE), "SIGSTOP");
    panel.signalAll("SIGINT");
    await panel.says(/^Still stopping; Ctrl-C again ends it at once$/m);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 1);

    await using next = new PanelProcess(args);
    await release(await Visitor.of(next, device));
    next.signalAll("SIGINT");
    assert.equal(await next.end(), 0);
  }),
);
