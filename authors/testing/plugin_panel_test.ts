import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import type { Wants } from "../../core/isolate/manifest.ts";
import {
  callChanged,
  callService,
  type Context,
  defineEvent,
  definePlugin,
  denialsPoint,
  partChanged,
  partCommand,
  partsPoint,
  route,
  timeService,
} from "../../core/mod.ts";
import { checkPermissions } from "../check/permissions.ts";
import { readManifest } from "../manifest.ts";
import { PluginPanel } from "./plugin_panel.ts";
import type { Side } from "./seat.ts";
import { USAGE_FILE } from "./usage.ts";
import { startLocalServer } from "./local_server.ts";

const ANNA = { kind: "person", id: "anna", scopes: [] as string[] } as const;
const SIDES: Side[] = ["panel", "border"];
const greeted = defineEvent("greeter.greeted", z.string());

/** A file beside a `package.json` that says so. */
class Folder implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), "latchkey-"));
  readonly from: string;

  constructor(wants: Partial<Wants>) {
    const latchkey = { id: "greeter", title: "The greeter", api: 1, entry: "mod.ts", wants };
    writeFileSync(
      join(this.#path, "package.json"),
      JSON.stringify({ name: "greeter", version: "1.0.0", latchkey }),
    );
    this.from = pathToFileURL(join(this.#path, "mod_test.ts")).href;
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true });
  }
}

/** Does a little of all that a plugin can do. */
const greeter = definePlugin({
  id: "greeter",
  api: 1,
  config: z.strictObject({ greeting: z.string().min(2).default("Hello") }),
  uses: [timeService],
  setup(ctx) {
    let lit = false;
    ctx.on(callChanged, ({ state }) => {
      if (state !== "ringing") return;
      ctx.emit(greeted, ctx.config.greeting);
      ctx.after(60_000, () => ctx.emit(greeted, "Still there?"));
    });
    ctx.contribute(denialsPoint, {
      id: "greeter",
      objection: ({ accessPoint }) => accessPoint === "gate" ? "Not the gate" : undefined,
    });
    ctx.contribute(partsPoint, {
      id: "greeter.lamp",
      kind: "light",
      name: "Lamp",
      state: () => ({ on: lit }),
      commands: {
        set: partCommand(z.strictObject({ mode: z.enum(["on", "off"]) }), ({ mode }) => {
          lit = mode === "on";
          ctx.emit(partChanged, { id: "greeter.lamp", state: { on: lit } });
        }),
      },
    });
    ctx.routes([route({
      method: "get",
      path: "/zone",
      access: "owner",
      summary: "Tell the zone",
      response: z.string(),
      handle: () => ctx.use(timeService).zone(),
    })]);
  },
});
const WANTS = { events: ["call.changed"], denials: true, services: ["time"] };

for (const side of SIDES) {
  Deno.test(`testing harness: bell, calls, events, time, settings (${side})`, async () => {
    using folder = new Folder(WANTS);
    await using panel = await PluginPanel.start({
      plugin: greeter,
      from: folder.from,
      side,
      settings: { greeting: "Ciao" },
    });
    assert.equal((await panel.ring()).state, "ringing");
    assert.deepEqual(panel.heard(greeted), ["Ciao"]);
    assert.equal((await panel.answer()).state, "answered");
    assert.equal((await panel.hangUp()).state, "ended");
    await panel.advance(60_000);
    assert.deepEqual(panel.heard(greeted), ["Ciao", "Still there?"]);
    assert.equal((await panel.change({ greeting: "Hi" })).status, 200);
    await panel.ring();
    assert.equal(panel.heard(greeted).at(-1), "Hi");
    assert.equal((await panel.change({ greeting: "x" })).status, side === "panel" ? 400 : 409);
  });

  Deno.test(`testing harness: decisions, badges, parts, routes, log, leftovers (${side})`, async () => {
    using folder = new Folder(WANTS);
    await using panel = await PluginPanel.start({ plugin: greeter, from: folder.from, side });
    assert.deepEqual(await panel.release("gate"), {
      outcome: "denied",
      reason: "denied-by-plugin",
      message: "Not the gate",
    });
    assert.equal((await panel.release("lock")).outcome, "released");
    await panel.advance(2_000);
    await panel.addCard("04A1B2C3", "Anna");
    const row = await panel.swipe("04A1B2C3");
    assert.deepEqual([row?.outcome, row?.actor.kind], ["released", "card"]);
    assert.equal(panel.pulses("lock").length, 2);
    assert.deepEqual((await panel.log("release")).map(({ outcome }) => outcome), [
      "denied",
      "released",
      "released",
    ]);
    assert.equal((await panel.command("greeter.lamp", "set", { mode: "on" })).status, 204);
    assert.deepEqual(await panel.state("greeter.lamp"), { on: true });
    assert.deepEqual((await panel.call("GET", "/zone")).body, "Europe/Rome");
    assert.deepEqual(panel.unused, []);
    const { effects } = panel;
    assert.ok(effects.length > 3);
    await panel.stop();
    assert.deepEqual(panel.effects, []);
    await panel.restart();
    assert.deepEqual(panel.effects, effects);
  });
}

const refusals: [what: string, wants: Partial<Wants>, setup: (ctx: Context) => void, hint: RegExp][] = [
  [
    "an event that it does not want",
    {},
    (ctx) => ctx.on(callChanged, () => {}),
    /"events": \["call.changed"\]/,
  ],
  [
    "a denial that it does not want",
    {},
    (ctx) => void ctx.contribute(denialsPoint, { id: "greeter", objection: () => undefined }),
    /"denials": true/,
  ],
  ["parts that it does not want", {}, (ctx) => ctx.watch(partsPoint, { added() {} }), /"parts": "read"/],
  [
    "a public answer that it does not want",
    {},
    (ctx) =>
      ctx.routes([route({ method: "get", path: "/x", access: "anyone", summary: "Tell", handle() {} })]),
    /"anyone": true/,
  ],
  [
    "somebody else's event",
    {},
    (ctx) => ctx.emit(defineEvent("other.done", z.null()), null),
    /after the plugin/,
  ],
];

for (const [what, wants, setup, hint] of refusals) {
  Deno.test(`testing harness: ${what} works in the panel and is refused across the border, with what to do`, async () => {
    using folder = new Folder(wants);
    const options = { plugin: definePlugin({ id: "greeter", api: 1, setup }), from: folder.from };
    await using _inside = await PluginPanel.start({ ...options, side: "panel" });
    await assert.rejects(PluginPanel.start({ ...options, side: "border" }), hint);
  });
}

Deno.test("testing harness: a method of a service that it does not want is named, and no mystery", async () => {
  const plugin = definePlugin({
    id: "greeter",
    api: 1,
    uses: [callService],
    setup: (ctx) => ctx.use(callService).list(),
  });
  using folder = new Folder({ services: ["calls:current"] });
  await using _inside = await PluginPanel.start({ plugin, from: folder.from, side: "panel" });
  await assert.rejects(PluginPanel.start({ plugin, from: folder.from }), /"services": \["calls:list"\]/);
});

Deno.test("plugin:check: what the panel refused a plugin in its tests is named, even where it hides it", async () => {
  const plugin = definePlugin({
    id: "greeter",
    api: 1,
    setup(ctx) {
      ctx.watch(partsPoint, {
        async added({ kind, commands }) {
          if (kind === "light") {
            await Promise.resolve(commands?.["set"]?.run({ mode: "on" }, ANNA)).catch(() => {});
          }
        },
      });
    },
  });
  using folder = new Folder({ parts: "read" });
  const scratch = mkdtempSync(join(tmpdir(), "latchkey-"));
  process.env[USAGE_FILE] = join(scratch, "usage");
  try {
    {
      await using panel = await PluginPanel.start({ plugin, from: folder.from });
      await panel.advance(0);
    }
    const usage = new Set(readFileSync(join(scratch, "usage"), "utf8").split("\n").filter(Boolean));
    const manifest = readManifest(dirname(fileURLToPath(folder.from)));
    const { ok, mend } = checkPermissions(manifest, usage, [], []);
    assert.deepEqual([ok, mend], [false, ['add to "wants" in package.json: "parts": "control"']]);
  } finally {
    delete process.env[USAGE_FILE];
    rmSync(scratch, { recursive: true });
  }
});

Deno.test("testing harness: a service that it does not want is named, and what it never uses", async () => {
  const plugin = definePlugin({ id: "greeter", api: 1, uses: [timeService], setup() {} });
  {
    using folder = new Folder({});
    await assert.rejects(PluginPanel.start({ plugin, from: folder.from }), /"services": \["time"\]/);
  }
  using folder = new Folder({ services: ["time", "calls:list"], parts: "control", release: ["lock"] });
  await using panel = await PluginPanel.start({ plugin, from: folder.from });
  assert.deepEqual(panel.unused, [
    "release: lock",
    "services: time",
    "services: calls:list",
    "parts: control",
  ]);
});

Deno.test("testing harness: a plugin goes on for longer than its files are looked at", async () => {
  using folder = new Folder({});
  const plugin = definePlugin({ id: "greeter", api: 1, setup() {} });
  await using panel = await PluginPanel.start({ plugin, from: folder.from });
  await panel.advance(6 * 60_000);
  assert.equal(panel.status.state, "running", panel.status.reason);
});

Deno.test("testing harness: what comes over HTTP is waited for", async () => {
  await using server = await startLocalServer(({ path }) => ({ body: `You asked for ${path}` }));
  using folder = new Folder({});
  const plugin = definePlugin({
    id: "greeter",
    api: 1,
    setup(ctx) {
      ctx.after(1_000, async () => ctx.emit(greeted, await (await fetch(`${server.origin}/hello`)).text()));
    },
  });
  await using panel = await PluginPanel.start({ plugin, from: folder.from });
  await panel.advance(1_000);
  assert.deepEqual(await panel.until(() => panel.heard(greeted)[0]), "You asked for /hello");
  assert.deepEqual(server.requests.map(({ method, path }) => [method, path]), [["GET", "/hello"]]);
});
