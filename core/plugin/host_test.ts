import assert from "node:assert/strict";
import { z } from "zod";
import { settle } from "../testing/virtual_clock.ts";
import { definePlugin, type Plugin } from "./plugin.ts";
import { decided, greeter, provider, stateOf, testHost, tiles, user, waved } from "./testing/test_host.ts";

Deno.test("a plugin starts once its services are there, in any order", async () => {
  for (const order of ["provider first", "user first"]) {
    const { host } = testHost();
    const log: string[] = [];
    const plugins: Plugin[] = [provider(log), user(log)];
    if (order === "user first") plugins.reverse();
    for (const plugin of plugins) host.add(plugin, {});
    await host.start();
    assert.deepEqual(log, ["provider up", "Hello Anna"], order);
    await host.stop();
    assert.deepEqual(log.slice(2), ["user down", "provider down"], order);
  }
});

Deno.test("a plugin whose service never comes waits and says for what", async () => {
  const { host } = testHost();
  host.add(user(), {});
  await host.start();
  assert.deepEqual(stateOf(host, "user"), {
    id: "user",
    title: "user",
    state: "waiting",
    reason: "waits for greeter",
    errors: 0,
  });
  await host.stop();
});

Deno.test("a setup that never ends fails at its deadline and leaves nothing", async () => {
  const { host, clock } = testHost();
  const heard: number[] = [];
  host.add(
    definePlugin({
      id: "hangs",
      api: 1,
      setup(ctx) {
        ctx.on(waved, (value) => void heard.push(value));
        return new Promise<void>(() => {});
      },
    }),
    {},
  );
  const started = host.start();
  await clock.advance(10_000);
  await started;
  assert.equal(stateOf(host, "hangs")?.state, "failed");
  assert.equal(stateOf(host, "hangs")?.reason, "No end after 10000 ms");
  host.core.emit(waved, 1);
  assert.deepEqual(heard, []);
  assert.equal(clock.pending, 0);
  await host.stop();
});

Deno.test("a failed plugin is named and the others run", async () => {
  const { host, lines } = testHost();
  host.add(
    definePlugin({
      id: "broken",
      api: 1,
      setup() {
        throw new Error("no such wire");
      },
    }),
    {},
  );
  host.add(provider(), {});
  await host.start();
  assert.deepEqual(host.status().map(({ id, state, reason }) => [id, state, reason]), [
    ["broken", "failed", "no such wire"],
    ["provider", "running", ""],
  ]);
  assert.match(lines.join(), /"plugin":"broken","error":"no such wire"/);
  await host.stop();
});

Deno.test("a wrong configuration fails that plugin only, naming the field", async () => {
  const { host } = testHost();
  host.add(definePlugin({ id: "strict", api: 1, config: z.strictObject({ ms: z.number() }), setup() {} }), {
    ms: "x",
  });
  await host.start();
  assert.match(stateOf(host, "strict")?.reason ?? "", /ms/);
  await host.stop();
});

Deno.test("stopping a provider stops its users first, and they come back with it", async () => {
  const { host } = testHost();
  const log: string[] = [];
  host.add(user(log), {});
  host.add(provider(log), {});
  await host.start();
  await host.restart("provider");
  assert.deepEqual(log.slice(2), ["user down", "provider down", "provider up", "Hello Anna"]);
  assert.deepEqual(host.status().map((status) => status.state), ["running", "running"]);
  await host.stop();
});

Deno.test("a listener that throws or rejects is counted under its plugin and the next one hears", async () => {
  const { host, lines } = testHost();
  const heard: number[] = [];
  host.add(
    definePlugin({
      id: "clumsy",
      api: 1,
      setup(ctx) {
        ctx.on(waved, () => {
          throw new Error("dropped it");
        });
        ctx.on(waved, () => Promise.reject(new Error("later too")));
      },
    }),
    {},
  );
  host.add(
    definePlugin({ id: "hears", api: 1, setup: (ctx) => ctx.on(waved, (value) => void heard.push(value)) }),
    {},
  );
  await host.start();
  host.core.emit(waved, 7);
  await settle();
  assert.deepEqual(heard, [7]);
  assert.equal(stateOf(host, "clumsy")?.errors, 2);
  assert.match(lines.join(), /dropped it/);
  await host.stop();
});

Deno.test("I-17: a plugin cannot emit what only the core may state", async () => {
  const { host } = testHost();
  host.add(definePlugin({ id: "forger", api: 1, setup: (ctx) => ctx.emit(decided, 1) }), {});
  await host.start();
  assert.match(stateOf(host, "forger")?.reason ?? "", /can't emit "door.decided"/);
  await host.stop();
});

Deno.test("a service has one provider and is used only by those that declare it", async () => {
  const { host } = testHost();
  host.add(provider(), {});
  host.add(
    definePlugin({
      id: "rival",
      api: 1,
      setup: (ctx) => ctx.provide(greeter, { greet: () => Promise.resolve("") }),
    }),
    {},
  );
  host.add(
    definePlugin({ id: "sneak", api: 1, setup: (ctx) => void ctx.use(greeter as never) }),
    {},
  );
  await host.start();
  assert.match(stateOf(host, "rival")?.reason ?? "", /provided by "provider" already/);
  assert.match(stateOf(host, "sneak")?.reason ?? "", /must name service "greeter"/);
  await host.stop();
});

Deno.test("a watcher sees contributions come and go, those before it included", async () => {
  const { host } = testHost();
  const seen: string[] = [];
  host.add(definePlugin({ id: "early", api: 1, setup: (ctx) => void ctx.contribute(tiles, "a") }), {});
  host.add(
    definePlugin({
      id: "watcher",
      api: 1,
      setup: (ctx) =>
        ctx.watch(tiles, {
          added: (value, owner) => void seen.push(`+${value} ${owner}`),
          removed: (value) => void seen.push(`-${value}`),
        }),
    }),
    {},
  );
  host.add(definePlugin({ id: "late", api: 1, setup: (ctx) => void ctx.contribute(tiles, "b") }), {});
  await host.start();
  await host.halt("late");
  assert.deepEqual(seen, ["+a early", "+b late", "-b"]);
  await host.stop();
});

Deno.test("a contribution can be taken back before the plugin stops, once", async () => {
  const { host } = testHost();
  const seen: string[] = [];
  host.core.watch(tiles, {
    added: (value) => void seen.push(`+${value}`),
    removed: (value) => void seen.push(`-${value}`),
  });
  const takeBack = host.core.contribute(tiles, "a");
  host.core.contribute(tiles, "b");
  takeBack();
  takeBack();
  assert.deepEqual(seen, ["+a", "+b", "-a"]);
  await host.stop();
  assert.deepEqual(seen, ["+a", "+b", "-a", "-b"]);
});

Deno.test("a plugin that can't go on is undone, says why, takes its dependants with it and starts again when told", async () => {
  const { host } = testHost();
  const log: string[] = [];
  host.add(provider(log), {});
  host.add(user(log), {});
  await host.start();
  await host.fail("provider", "Its process died");
  assert.deepEqual(
    host.status().map(({ id, state, reason }) => [id, state, reason]),
    [["provider", "failed", "Its process died"], ["user", "waiting", ""]],
  );
  assert.deepEqual(host.effects(), { core: [], provider: [], user: [] });
  assert.equal(host.provided("greeter"), undefined);
  await host.restart("provider");
  assert.equal(host.provided("greeter")?.owner, "provider");
  assert.deepEqual(host.status().map(({ state }) => state), ["running", "running"]);
  await host.stop();
});

Deno.test("a plugin that is removed is stopped and leaves its id to another", async () => {
  const { host } = testHost();
  const log: string[] = [];
  host.add(provider(log), {});
  await host.start();
  await host.remove("provider");
  assert.deepEqual(log, ["provider up", "provider down"]);
  assert.deepEqual(host.status(), []);
  host.add(provider(log), {});
  await host.start();
  assert.equal(stateOf(host, "provider")?.state, "running");
  await host.stop();
});
