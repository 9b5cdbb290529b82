import assert from "node:assert/strict";
import { z } from "zod";
import type { Actor } from "../access/model.ts";
import { definePlugin } from "../plugin/plugin.ts";
import { FILES_CHANGED } from "./process.ts";
import { grantOf, IsolatedBench } from "./testing/isolated_bench.ts";

const OWNER: Actor = { kind: "person", id: "member-1", scopes: [] };
const calm = (id: string) => definePlugin({ id, api: 1, setup: () => {} });
const modules = { weather: calm("weather"), chime: calm("chime") };

const crash = async (bench: IsolatedBench) => {
  bench.process.die({ status: 139, lastWords: "Segmentation fault" });
  await bench.clock.advance(0);
};

Deno.test("what crashes is started again after 1 s, then 4 s; its neighbours run on", async () => {
  await using bench = await new IsolatedBench([grantOf("chime"), grantOf("weather")], { modules }).start();
  await crash(bench);
  assert.equal(
    bench.state("weather"),
    "failed: Its process ended with 139; it said: Segmentation fault. It starts again in 1 s",
  );
  await bench.clock.advance(999);
  assert.equal(bench.starts, 2);
  await bench.clock.advance(1);
  assert.deepEqual([bench.starts, bench.state("weather")], [3, "running"]);
  await crash(bench);
  await bench.clock.advance(3_999);
  assert.equal(bench.starts, 3);
  await bench.clock.advance(1);
  assert.deepEqual([bench.state("weather"), bench.state("chime")], ["running", "running"]);
});

Deno.test("I-13: three crashes in five minutes switch a plugin off, over a restart too, until the owner switches it on", async () => {
  const grants = [grantOf("weather")];
  await using bench = await new IsolatedBench(grants, { modules }).start();
  for (let crashes = 1; crashes <= 3; crashes++) {
    await crash(bench);
    await bench.clock.advance(60_000);
  }
  const off =
    "Switched off after 3 crashes in 5 min. The last: Its process ended with 139; it said: Segmentation fault";
  assert.deepEqual([bench.starts, bench.state("weather")], [3, `failed: ${off}`]);
  assert.deepEqual(bench.grants.get("weather")!.off, { by: "crashes", reason: off });

  await using next = await new IsolatedBench(bench.grants.list().plugins, { modules }).start();
  assert.deepEqual([next.starts, next.state("weather")], [0, `failed: ${off}`]);
  await next.thirdParty.switch("weather", true, OWNER);
  await next.clock.advance(0);
  assert.deepEqual([next.state("weather"), next.grants.get("weather")!.off], ["running", null]);
  assert.deepEqual(next.recorded.map(({ kind, outcome, detail }) => [kind, outcome, detail]), [
    ["settings", "plugin-switched-on", { plugin: "weather" }],
  ]);
  await crash(next);
  await next.clock.advance(1_000);
  assert.equal(next.state("weather"), "running", "and the count begins anew");
});

Deno.test("crashes that are far apart never switch a plugin off", async () => {
  await using bench = await new IsolatedBench([grantOf("weather")], { modules }).start();
  for (let crashes = 1; crashes <= 6; crashes++) {
    await crash(bench);
    await bench.clock.advance(150_000);
    assert.equal(bench.state("weather"), "running");
  }
});

Deno.test("a crash in the setup counts; a setup that refuses does not, and is not tried again", async () => {
  const refusing = definePlugin({
    id: "weather",
    api: 1,
    setup() {
      throw new Error("No key for the service");
    },
  });
  await using bench = await new IsolatedBench([grantOf("weather")], { modules: { weather: refusing } })
    .start();
  await bench.clock.advance(600_000);
  assert.deepEqual([bench.starts, bench.state("weather")], [1, "failed: No key for the service"]);

  await using mute = new IsolatedBench([grantOf("weather")]);
  void mute.host.start();
  await mute.clock.advance(0);
  await crash(mute);
  assert.match(mute.state("weather"), /starts again in 1 s$/);
  await mute.clock.advance(1_000);
  assert.equal(mute.starts, 2);
});

Deno.test("a plugin that is stopped is asked first, given 4 s and then ended; that is no crash", async () => {
  const slow = definePlugin({
    id: "weather",
    api: 1,
    setup: (ctx) => ctx.defer("for ever", () => new Promise(() => {})),
  });
  for (const [module, ms] of [[calm("weather"), 0], [slow, 4_000]] as const) {
    await using bench = await new IsolatedBench([grantOf("weather")], { modules: { weather: module } })
      .start();
    const halted = bench.host.halt("weather");
    if (ms > 0) {
      await bench.clock.advance(ms - 1);
      assert.equal(bench.process.killed, false);
    }
    await bench.clock.advance(1);
    await halted;
    assert.deepEqual([bench.process.killed, bench.state("weather")], [true, "stopped"]);
    await bench.clock.advance(60_000);
    assert.equal(bench.starts, 1);
  }
});

Deno.test("a panel that stops leaves no process and no timer, also in a pause after a crash", async () => {
  for (const crashes of [false, true]) {
    const bench = await new IsolatedBench([grantOf("weather")], { modules }).start();
    if (crashes) await crash(bench);
    const stopped = bench.host.stop();
    await bench.clock.advance(0);
    await stopped;
    assert.equal(bench.clock.pending, 0);
    assert.equal(bench.process.killed, !crashes);
    await bench.clock.advance(60_000);
    assert.equal(bench.starts, 1);
  }
});

Deno.test("start, stop, start of an isolated plugin leaves nothing behind", async () => {
  await using bench = await new IsolatedBench([grantOf("weather")], { modules }).start();
  const before = [bench.host.effects(), bench.clock.pending];
  for (let round = 0; round < 2; round++) {
    const restarted = bench.host.restart("weather");
    await bench.clock.advance(0);
    await restarted;
    assert.deepEqual([bench.host.effects(), bench.clock.pending], before);
  }
});

Deno.test("where none can be started, each says why", async () => {
  await using bench = await new IsolatedBench([grantOf("weather")], { modules, impossible: "Safe mode" })
    .start();
  assert.deepEqual([bench.starts, bench.state("weather")], [0, "failed: Safe mode"]);
});

Deno.test("plugins are let in and dismissed while the panel runs; none takes a built-in one's id", async () => {
  await using bench = await new IsolatedBench([grantOf("lock")], { modules }).start();
  assert.equal(bench.state("lock"), "absent");
  assert.match(bench.lines[0]!.message, /id of a built-in one/);
  await assert.rejects(bench.thirdParty.admit(grantOf("lock")), { code: "plugin-known", status: 409 });
  await bench.thirdParty.admit(grantOf("chime"));
  await bench.clock.advance(0);
  assert.equal(bench.state("chime"), "running");
  const dismissed = bench.thirdParty.dismiss("chime", OWNER);
  await bench.clock.advance(0);
  await dismissed;
  assert.deepEqual([bench.state("chime"), bench.grants.get("chime")], ["absent", undefined]);
});

Deno.test("a plugin that the owner switches off is stopped, and not among what is unwell", async () => {
  await using bench = await new IsolatedBench([grantOf("chime")], { modules }).start();
  const off = bench.thirdParty.switch("chime", false, OWNER);
  await bench.clock.advance(0);
  await off;
  assert.equal(bench.process.killed, true);
  assert.equal(bench.state("chime"), "absent");
  assert.equal(bench.thirdParty.list()[0]!.off?.by, "owner");
  await using next = await new IsolatedBench(bench.grants.list().plugins, { modules }).start();
  assert.equal(next.state("chime"), "absent");
  await assert.rejects(bench.thirdParty.switch("nobody", true, OWNER), {
    code: "plugin-unknown",
    status: 404,
  });
});

Deno.test("a plugin that is switched off does not run for other settings either, and one that the owner has started is not started again", async () => {
  await using bench = await new IsolatedBench([grantOf("weather")], { modules }).start();
  await crash(bench);
  const restarted = bench.host.restart("weather", {});
  await bench.clock.advance(0);
  await restarted;
  await bench.clock.advance(60_000);
  assert.deepEqual([bench.starts, bench.state("weather")], [2, "running"]);
  for (const pause of [4_000, 60_000]) {
    await crash(bench);
    await bench.clock.advance(pause);
  }
  const { starts } = bench;
  await bench.host.restart("weather", {});
  assert.deepEqual(bench.starts, starts);
  assert.match(bench.state("weather"), /^failed: Switched off after 3 crashes/);
});

Deno.test("a plugin whose files change while it runs is stopped and off, which is logged, and no start of the panel brings it back", async () => {
  await using bench = await new IsolatedBench([grantOf("weather")], { modules }).start();
  await bench.clock.advance(20_000);
  assert.equal(bench.state("weather"), "running");
  bench.changed.add("weather");
  await bench.clock.advance(10_000);
  assert.equal(bench.process.killed, true);
  assert.match(bench.state("weather"), /^failed: Its files are no longer those that the owner let in/);
  assert.equal(bench.grants.get("weather")!.off?.by, "changed");
  assert.deepEqual(
    bench.recorded.map(({ outcome, actor, via, detail }) => [outcome, actor.kind, via, detail]),
    [
      ["plugin-changed", "system", "system", { plugin: "weather", version: "1.0.0" }],
    ],
  );
  await using next = await new IsolatedBench(bench.grants.list().plugins, { modules }).start();
  await next.clock.advance(60_000);
  assert.deepEqual([next.starts, next.state("weather").slice(0, 17)], [0, "failed: Its files"]);
});

Deno.test("a plugin whose files the launcher finds changed is off at once and not tried again; added again, it runs", async () => {
  await using bench = new IsolatedBench([grantOf("weather")]);
  void bench.host.start();
  await bench.clock.advance(0);
  bench.process.die({ status: 126, changed: true, lastWords: FILES_CHANGED });
  await bench.clock.advance(600_000);
  assert.deepEqual([bench.starts, bench.state("weather")], [1, `failed: ${FILES_CHANGED}`]);
  assert.deepEqual(bench.grants.get("weather")!.off, { by: "changed", reason: FILES_CHANGED });
  const admitted = bench.thirdParty.admit({ ...grantOf("weather"), digest: "1".repeat(64) });
  await bench.clock.advance(0);
  await admitted;
  assert.deepEqual([bench.starts, bench.process.order.digest, bench.placed], [2, "1".repeat(64), [
    "1".repeat(64),
  ]]);
});

Deno.test("a plugin that is dismissed leaves neither its grant nor its folder, and the log says who did it", async () => {
  await using bench = await new IsolatedBench([grantOf("chime")], { modules }).start();
  const dismissed = bench.thirdParty.dismiss("chime", OWNER);
  await bench.clock.advance(0);
  await dismissed;
  assert.deepEqual([bench.thirdParty.list(), bench.removed, bench.state("chime")], [[], ["chime"], "absent"]);
  assert.deepEqual(bench.recorded.map(({ outcome, actor, via }) => [outcome, actor.id, via]), [
    ["plugin-removed", OWNER.id, "app"],
  ]);
});

Deno.test("an update keeps the settings that still fit, tells which do not, and starts; later the owner's own mistakes are refused", async () => {
  const config = z.strictObject({ town: z.string(), days: z.int().max(7).default(3) });
  const module = definePlugin({ id: "weather", api: 1, config, setup: () => {} });
  await using bench = await new IsolatedBench([], { modules: { weather: module } }).start();
  const admitted = bench.thirdParty.admit(grantOf("weather", {}, { town: "Rome", days: 30, colour: "red" }));
  for (let turns = 0; turns < 5; turns++) await bench.clock.advance(0);
  await admitted;
  assert.deepEqual([bench.starts, bench.state("weather")], [2, "running"]);
  assert.deepEqual(bench.grants.get("weather")!.settings, { town: "Rome" });
  const line = bench.lines.find(({ message }) => message.startsWith("Settings of a plugin"));
  assert.deepEqual(line?.fields, { plugin: "weather", dropped: "days, colour" });

  const restarted = bench.host.restart("weather", { town: "Rome", days: 30 });
  await bench.clock.advance(0);
  await restarted;
  assert.match(bench.state("weather"), /^failed: days/);
  assert.deepEqual(bench.host.configFaults("weather").map(({ field, value }) => [field, value]), [[
    "days",
    30,
  ]]);
  const hopeless = bench.thirdParty.admit(grantOf("weather", {}, {}));
  for (let turns = 0; turns < 5; turns++) await bench.clock.advance(0);
  await hopeless;
  assert.match(bench.state("weather"), /^failed: town/, "what is missing nobody can guess");
});

Deno.test("one whose grant can't be read keeps no other from running; it is unwell, keeps its folder, and can be removed or let in anew", async () => {
  const damaged = [{ id: "weather", reason: "Not readable" }, { id: "lock", reason: "A built-in one's" }];
  await using bench = new IsolatedBench([grantOf("chime")], { modules, damaged });
  bench.host.add(calm("lock"), {});
  await bench.start();
  assert.deepEqual([bench.starts, bench.state("chime"), bench.state("weather")], [
    1,
    "running",
    "failed: Not readable",
  ]);
  assert.deepEqual(bench.settled, ["chime", "weather", "lock"]);
  assert.deepEqual([bench.thirdParty.list().map(({ id }) => id), bench.thirdParty.damaged()], [
    ["chime"],
    damaged,
  ]);
  assert.deepEqual(
    bench.lines.filter(({ message }) => message.endsWith("can't be read")).map(({ level, fields }) => [
      level,
      fields,
    ]),
    damaged.map(({ id, reason }) => ["error", { plugin: id, reason }]),
  );
  await bench.thirdParty.dismiss("lock", OWNER);
  assert.deepEqual([bench.removed, bench.state("lock")], [["lock"], "running"]);

  assert.equal(bench.thirdParty.find("weather"), undefined, "all of it is asked about anew");
  const refused = () => {
    throw new Error("The log takes nothing");
  };
  await assert.rejects(bench.thirdParty.admit(grantOf("weather"), refused), /takes nothing/);
  assert.equal(bench.state("weather"), "failed: Not readable");
  const admitted = bench.thirdParty.admit(grantOf("weather"));
  await bench.clock.advance(0);
  await admitted;
  assert.deepEqual([bench.state("weather"), bench.thirdParty.damaged()], ["running", []]);
});
