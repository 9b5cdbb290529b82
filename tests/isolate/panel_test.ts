import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import type { LogRow, ReleaseAnswer } from "../../core/mod.ts";
import type { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { childOf, commandOf, PanelProcess, Visitor } from "../boot/panel_process.ts";
import { hasFailed, install, isRunning, until } from "./installed.ts";
import { soon } from "../soon.ts";

const WEATHER = `
import { defineEvent, definePlugin, partsPoint, route } from "latchkey";
import { z } from "zod";
import { shown } from "./src/shown.ts";

export default definePlugin({
  id: "weather",
  api: 1,
  config: z.strictObject({ town: z.string().default("Rome") }),
  async setup(ctx) {
    const starts: number = (await ctx.store.get<number>("starts") ?? 0) + 1;
    await ctx.store.set("starts", starts);
    ctx.contribute(partsPoint, {
      id: "weather",
      kind: "sensor",
      name: "Weather",
      state: () => Promise.resolve(shown(ctx.config.town, starts)),
    });
    ctx.routes([route({
      method: "get",
      path: "/greetings/{name}",
      access: "household",
      summary: "Greet",
      params: z.strictObject({ name: z.string() }),
      response: z.string(),
      handle: ({ params }) => "Hello " + params.name,
    })]);
    console.log("it rains in", ctx.config.town);
  },
});
`;
const SHOWN = "export const shown = (town: string, starts: number) => ({ town, starts });";

/** Never gets as far as to export anything. */
const LOOP = "for (;;);";

Deno.test(
  "a third-party plugin runs in a process of its own beside the runtime, keeps its state, and ends with the panel",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    install(data, { id: "weather", files: { "mod.ts": WEATHER, "src/shown.ts": SHOWN } });
    const args = ["--port", "0", "--data", data];
    let device: TestDevice | undefined;
    for (const starts of [1, 2]) {
      await using panel = new PanelProcess(args);
      const visitor = await Visitor.of(panel, device);
      device = visitor.device;
      await until(visitor, "weather", isRunning);
      const pid = childOf(panel.child.pid!, "weather/mod.ts");
      const { body } = await visitor.api<{ id: string; state: unknown }[]>("GET", "/parts");
      assert.deepEqual(body.find(({ id }) => id === "weather")?.state, { town: "Rome", starts });
      const greeting = await visitor.api("GET", "/plugins/weather/greetings/Eva");
      assert.deepEqual([greeting.status, greeting.body], [200, "Hello Eva"]);
      await panel.says(/info +it rains in Rome plugin=weather$/m);
      panel.signalAll("SIGINT");
      assert.equal(await panel.end(), 0);
      assert.doesNotMatch(panel.text, /crashed|error/);
      assert.deepEqual(commandOf(pid), []);
    }
  }),
);

/** Asks in the owner's name, with every right there is. */
const OPENER = `
import { accessService, definePlugin, releaseAnswerSchema, route } from "latchkey";
import { z } from "zod";

export default definePlugin({
  id: "opener",
  api: 1,
  uses: [accessService],
  setup(ctx) {
    ctx.routes([route({
      method: "post",
      path: "/open/{point}",
      access: "owner",
      summary: "Open",
      params: z.strictObject({ point: z.string() }),
      response: releaseAnswerSchema,
      handle: ({ params }) =>
        ctx.use(accessService).release({
          requestId: ctx.freshId(),
          accessPoint: params.point,
          actor: { kind: "person", id: "member-1", name: "Owner", scopes: ["release"] },
          via: "app",
        }),
    })]);
  },
});
`;

Deno.test(
  "a plugin opens what it was granted and nothing else, and the log says that it was the plugin",
  inTempDir(async (data) => {
    install(data, { id: "opener", files: { "mod.ts": OPENER }, granted: { release: ["gate"] } });
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const visitor = await Visitor.of(panel);
    await until(visitor, "opener", isRunning);
    const open = async (point: string) => {
      const { body } = await visitor.api<ReleaseAnswer>("POST", `/plugins/opener/open/${point}`);
      return [body.outcome, body.reason];
    };
    assert.deepEqual(await open("gate"), ["released", "granted"]);
    assert.deepEqual(await open("lock"), ["denied", "not-allowed"]);
    const { body: rows } = await visitor.api<LogRow[]>("GET", "/access-log?kind=release");
    const actor = { kind: "plugin", id: "opener", name: "The opener", scopes: ["release:gate"] };
    assert.deepEqual(
      rows.map(({ accessPoint, outcome, actor, via }) => ({ accessPoint, outcome, actor, via })),
      [
        { accessPoint: "lock", outcome: "denied", actor, via: "plugin" },
        { accessPoint: "gate", outcome: "released", actor, via: "plugin" },
      ],
    );
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "a runtime that is killed takes its plugins with it, and the next one starts them again",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    install(data, { id: "weather", files: { "mod.ts": WEATHER, "src/shown.ts": SHOWN } });
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const first = await Visitor.of(panel);
    await until(first, "weather", isRunning);
    const pid = childOf(panel.child.pid!, "weather/mod.ts");
    process.kill(childOf(panel.child.pid!, RUNTIME_FILE), "SIGKILL");
    const second = await Visitor.of(panel, first.device);
    await until(second, "weather", isRunning);
    assert.notEqual(childOf(panel.child.pid!, "weather/mod.ts"), pid);
    assert.deepEqual(commandOf(pid), []);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

function soonChildOf(parent: number, file: string): Promise<number> {
  return soon(() => {
    try {
      return childOf(parent, file);
    } catch {
      return undefined;
    }
  }, 10);
}

/** What a process has had of the processor, s. */
function secondsOf(pid: number): number {
  const [, , , , , , , , , , , user = "0"] = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /, "")
    .split(" ");
  return Number(user) / 100;
}

Deno.test(
  "when the supervisor is killed, no plugin is left behind, not even one that hears nothing",
  inTempDir(async (data) => {
    install(data, { id: "loop", files: { "mod.ts": LOOP } });
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    await until(await Visitor.of(panel), "loop", ({ state }) => state === "starting");
    const pid = await soonChildOf(panel.child.pid!, "loop/mod.ts");
    // To load takes less: by then it goes round and round.
    await soon(() => secondsOf(pid) >= 1 || undefined, 10);
    process.kill(panel.child.pid!, "SIGKILL");
    assert.equal(await panel.end(), "SIGKILL", "and nobody holds its output open any more");
    assert.deepEqual(commandOf(pid), []);
  }),
);

Deno.test(
  "in safe mode no third-party plugin is started, and each says so",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    install(data, { id: "loop", files: { "mod.ts": LOOP } });
    await using panel = new PanelProcess(["--port", "0", "--data", data, "--safe-mode"]);
    const visitor = await Visitor.of(panel);
    const { reason } = await until(visitor, "loop", hasFailed);
    assert.equal(reason, "Safe mode: third-party plugins are not started");
    assert.throws(() => childOf(panel.child.pid!, "loop/mod.ts"), /no child/);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);
