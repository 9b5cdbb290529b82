import assert from "node:assert/strict";
import { z } from "zod";
import { accessService, type Denial, denialsPoint } from "../access/keys.ts";
import type { Actor, ReleaseAnswer, ReleaseRequest } from "../access/model.ts";
import { type CallService, callService } from "../calls/keys.ts";
import { LatchkeyError } from "../errors.ts";
import { hostNamesPoint } from "../panel.ts";
import { type Part, partChanged, partsPoint } from "../parts.ts";
import { defineEvent, defineService } from "../plugin/keys.ts";
import { definePlugin } from "../plugin/plugin.ts";
import { grantOf, IsolatedBench, plugin } from "./testing/isolated_bench.ts";

const warmed = defineEvent("weather.warmed", z.strictObject({ celsius: z.number() }));

const weather = definePlugin({
  id: "weather",
  api: 1,
  config: z.strictObject({ town: z.string().default("Rome") }),
  async setup(ctx) {
    let celsius = (await ctx.store.get<number>("celsius")) ?? 20;
    ctx.contribute(partsPoint, {
      id: "weather",
      kind: "sensor",
      name: ctx.config.town,
      state: () => Promise.resolve({ celsius }),
      commands: {
        heat: {
          args: z.strictObject({ by: z.number() }),
          async run(args) {
            celsius += z.object({ by: z.number() }).parse(args).by;
            await ctx.store.set("celsius", celsius);
            ctx.emit(warmed, { celsius });
            ctx.emit(partChanged, { id: "weather", state: { celsius } });
          },
        },
      },
    });
    ctx.every(60_000, () => ctx.emit(warmed, { celsius }));
  },
});

for (const where of ["in a process of its own", "in the panel's process"]) {
  Deno.test(`the same plugin ${where} has parts, events, timers, state and settings, and takes them with it`, async () => {
    const isIsolated = where.endsWith("own");
    const grants = isIsolated ? [grantOf("weather", {}, { town: "Bari" })] : [];
    await using bench = new IsolatedBench(grants, { modules: { weather } });
    if (!isIsolated) bench.host.add(weather, { town: "Bari" });
    const parts: Part[] = [];
    bench.host.core.watch(partsPoint, {
      added: (part) => void parts.push(part),
      removed: () => void parts.pop(),
    });
    await bench.start();
    assert.equal(bench.state("weather"), "running");
    const [part] = parts;
    assert.equal(part!.name, "Bari");
    assert.deepEqual(await part!.state(), { celsius: 20 });
    await part!.commands!["heat"]!.run({ by: 2 }, { kind: "person", id: "member-1", scopes: [] });
    assert.deepEqual(bench.heard, [
      { name: "weather.warmed", value: { celsius: 22 } },
      { name: "part.changed", value: { id: "weather", state: { celsius: 22 } } },
    ]);
    await bench.clock.advance(60_000);
    assert.equal(bench.heard.length, 3);
    const restarted = bench.host.restart("weather");
    await bench.clock.advance(0);
    await restarted;
    assert.equal(bench.starts, isIsolated ? 2 : 0);
    assert.deepEqual(await parts[0]!.state(), { celsius: 22 }, "its state was kept");
    await bench.host.halt("weather");
    assert.deepEqual(parts, []);
    if (isIsolated) assert.ok(bench.process.killed);
  });
}

const OWNER: Actor = { kind: "person", id: "member-1", name: "Anna", scopes: ["release"] };
const REQUEST: ReleaseRequest = { requestId: "r-1", accessPoint: "lock", actor: OWNER, via: "app" };

Deno.test("a release through a plugin is asked for in its own name, with the scopes that were granted, whatever it says", async () => {
  const asked: ReleaseRequest[] = [];
  let answer: Promise<ReleaseAnswer> | undefined;
  const opener = plugin("opener", [accessService], (ctx) => {
    answer = ctx.use(accessService).release(REQUEST);
  });
  await using bench = new IsolatedBench([grantOf("opener", { release: ["gate"] })], {
    modules: { opener },
    access: {
      release: (request) => {
        asked.push(request);
        return Promise.resolve({ outcome: "denied" } as ReleaseAnswer);
      },
    },
  });
  await bench.start();
  assert.deepEqual(await answer, { outcome: "denied" });
  assert.deepEqual(asked, [{
    requestId: "r-1",
    accessPoint: "lock",
    actor: { kind: "plugin", id: "opener", name: "The opener", scopes: ["release:gate"] },
    via: "plugin",
  }]);
});

Deno.test("a plugin that uses what it was not granted does not start, and says what", async () => {
  const caller = plugin("caller", [callService], () => {});
  await using bench = new IsolatedBench([grantOf("caller")], { modules: { caller } });
  await bench.start();
  assert.equal(bench.state("caller"), 'failed: Plugin "caller" uses calls, which it was not granted');
  await bench.clock.advance(60_000);
  assert.equal(bench.starts, 1, "and is not started again by itself");
});

Deno.test("of a service only the granted methods are called, with their arguments checked and an error as it is", async () => {
  const errors: unknown[] = [];
  const caller = plugin("caller", [callService], async (ctx) => {
    const calls = ctx.use(callService);
    const wrongs = [
      () => calls.answer("call-1", OWNER),
      () => calls.list({ limit: 0 }),
      () => calls.ring("bell"),
    ];
    for (const wrong of wrongs) {
      await wrong().catch((error: LatchkeyError) => errors.push([error.code, error.status, error.details]));
    }
  });
  const answeredBy: Actor[] = [];
  await using bench = new IsolatedBench([grantOf("caller", { services: ["calls:list", "calls:answer"] })], {
    modules: { caller },
  });
  bench.host.core.provide(callService, {
    answer(_, actor) {
      answeredBy.push(actor);
      throw new LatchkeyError("call-taken", "Somebody was first", { status: 409, details: { by: "Bruno" } });
    },
    list: () => Promise.resolve([]),
  } as Partial<CallService> as CallService);
  await bench.start();
  assert.equal(bench.state("caller"), "running");
  assert.deepEqual(errors, [
    ["call-taken", 409, { by: "Bruno" }],
    ["arguments-invalid", 400, {}],
    ["service-not-granted", 403, {}],
  ]);
  assert.deepEqual(answeredBy.map(({ kind, id }) => `${kind} ${id}`), ["plugin caller"]);
});

interface Forecast {
  today(town: string): Promise<string>;
}
const forecast = defineService<Forecast>("weather.forecast");

Deno.test("a plugin provides a service to another, which waits for it and stops with it", async () => {
  const said: string[] = [];
  const modules = {
    weather: plugin("weather", [], (ctx) => {
      ctx.provide(forecast, { today: (town) => Promise.resolve(`Sun in ${town}`) });
    }),
    asker: plugin(
      "asker",
      [forecast],
      async (ctx) => void said.push(await ctx.use(forecast).today("Rome")),
    ),
  };
  const grants = [grantOf("asker", { services: ["weather.forecast"] }), grantOf("weather")];
  await using bench = new IsolatedBench(grants, { modules });
  await bench.start();
  assert.deepEqual([bench.state("asker"), bench.state("weather"), said], ["running", "running", [
    "Sun in Rome",
  ]]);
  const halted = bench.host.halt("weather");
  await bench.clock.advance(0);
  await halted;
  assert.equal(bench.state("asker"), "waiting");
});

Deno.test("events that were granted are heard, card numbers and what was not granted never", async () => {
  const rang = defineEvent("bell.rang", z.number());
  const read = defineEvent("reader.read", z.string(), { audience: "internal" });
  const heard: unknown[] = [];
  const chime = plugin("chime", [], (ctx) => {
    ctx.on(rang, (count) => void heard.push(count));
    ctx.on(read, (uid) => void heard.push(uid));
    assert.throws(() => ctx.on(defineEvent("call.changed", z.json()), () => {}), {
      code: "event-not-granted",
    });
  });
  await using bench = new IsolatedBench([grantOf("chime", { events: ["bell.rang", "reader.read"] })], {
    modules: { chime },
  });
  await bench.start();
  bench.host.core.emit(rang, 1);
  bench.host.core.emit(read, "04A1B2C3");
  bench.host.core.emit(rang, 2);
  await bench.clock.advance(0);
  assert.deepEqual(heard, [1, 2]);
});

Deno.test("a denial is heard where it was granted, never about who stands inside, and its silence denies", async () => {
  const denials: Denial[] = [];
  const night = plugin("night", [], (ctx) => {
    ctx.contribute(denialsPoint, {
      id: "night",
      objection: ({ actor }) =>
        actor.id === "hang" ? new Promise(() => {}) : Promise.resolve(`No ${actor.name} at night`),
    });
  });
  await using bench = new IsolatedBench([grantOf("night", { denials: true })], { modules: { night } });
  bench.host.core.watch(denialsPoint, { added: (denial) => void denials.push(denial) });
  await bench.start();
  const ask = async (actor: Partial<Actor>) =>
    await denials[0]!.objection({ ...REQUEST, actor: { ...OWNER, ...actor } });
  assert.equal(await ask({}), "No Anna at night");
  assert.equal(await ask({ kind: "input" }), undefined);
  const silent = assert.rejects(ask({ id: "hang" }), { code: "plugin-silent" });
  await bench.clock.advance(500);
  await silent;
});

Deno.test("I-17: a plugin without the grant contributes no denial, no name and no access point", async () => {
  for (const point of [denialsPoint, hostNamesPoint, { kind: "point", name: "access-points" } as const]) {
    const pushy = plugin(
      "pushy",
      [],
      (ctx) => void ctx.contribute(point as typeof denialsPoint, { id: "pushy" } as Denial),
    );
    await using bench = new IsolatedBench([grantOf("pushy")], { modules: { pushy } });
    await bench.start();
    assert.match(bench.state("pushy"), /^failed: .*(was not granted|Only built-in plugins)/, point.name);
  }
});

Deno.test("a name for the panel ends in .local", async () => {
  const names: string[] = [];
  const namer = (name: string) => plugin("namer", [], (ctx) => void ctx.contribute(hostNamesPoint, name));
  for (const name of ["door.local", "evil.example", "local", "a.b.local", "-.local"]) {
    await using bench = new IsolatedBench([grantOf("namer", { hostNames: true })], {
      modules: { namer: namer(name) },
    });
    bench.host.core.watch(hostNamesPoint, { added: (given) => void names.push(given) });
    await bench.start();
  }
  assert.deepEqual(names, ["door.local"]);
});

Deno.test("an error in a listener is counted and logged, and what a plugin logs is its own", async () => {
  const rang = defineEvent("bell.rang", z.number());
  const clumsy = plugin("clumsy", [], (ctx) => {
    ctx.on(rang, () => {
      throw new Error("Oops");
    });
    ctx.log.info("Here I am", { plugin: "core", token: "t-1" });
  });
  await using bench = new IsolatedBench([grantOf("clumsy", { events: ["bell.rang"] })], {
    modules: { clumsy },
  });
  await bench.start();
  bench.host.core.emit(rang, 1);
  await bench.clock.advance(0);
  assert.equal(bench.host.status()[0]!.errors, 1);
  assert.deepEqual(bench.lines.map(({ message, fields }) => [message, fields]), [
    ["Here I am", { plugin: "clumsy", token: "[hidden]" }],
    ["A listener failed", { plugin: "clumsy", event: "bell.rang", error: "Oops" }],
  ]);
});

Deno.test("a plugin that leaves three releases in a row unanswered is ended, and keeps nobody out any longer", async () => {
  const denials = new Set<Denial>();
  const deaf = plugin("deaf", [], (ctx) => {
    ctx.contribute(denialsPoint, { id: "deaf", objection: () => new Promise(() => {}) });
  });
  await using bench = new IsolatedBench([grantOf("deaf", { denials: true })], { modules: { deaf } });
  bench.host.core.watch(denialsPoint, {
    added: (denial) => void denials.add(denial),
    removed: (denial) => void denials.delete(denial),
  });
  await bench.start();
  for (let asked = 1; asked <= 3; asked++) {
    const [denial] = denials;
    const silent = assert.rejects(async () => await denial!.objection(REQUEST), { code: "plugin-silent" });
    await bench.clock.advance(500);
    await silent;
    assert.equal(bench.process.killed, asked === 3);
  }
  await bench.clock.advance(0);
  assert.equal(denials.size, 0);
  assert.match(bench.state("deaf"), /^failed: It left 3 releases unanswered/);
});
